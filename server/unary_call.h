#ifndef RIDGELINE_SERVER_UNARY_CALL_H_
#define RIDGELINE_SERVER_UNARY_CALL_H_

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/cancellation.h"
#include "server/call_info.h"
#include "server/rpc_observer.h"

namespace ridgeline {

/// The refusal of a call that found its pool's queue full.
absl::Status QueueFull();

/// The deadline that the caller set, InfiniteFuture for none.
absl::Time DeadlineOf(const grpc::CallbackServerContext& context);

/// A unary call, from its arrival to gRPC's last word on it. Made with new; goes by itself after End. One
/// thread at a time may use it, while gRPC may cancel it from another.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  /// `observer` must outlive the call; the other pointers are gRPC's and valid until the call is done.
  UnaryCall(RpcObserver* observer, grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
            grpc::ByteBuffer* response);

  const grpc::ByteBuffer& request() const { return *request_; }
  grpc::ByteBuffer* response() { return response_; }
  const CallInfo& info() const { return info_; }

  /// To be called once, before the call costs anything: OK when the caller may make it, otherwise what to
  /// end it with.
  absl::Status Admit();

  /// Ends a call that Admit refused. One above a limit of its client ends a moment later: who asks again as
  /// soon as the answer is there would otherwise take the processors for refusals alone. As End.
  void Refuse(const absl::Status& status);

  /// To be called once, by the thread that takes the call out of its queue: OK while somebody waits for the
  /// answer, otherwise what to end the call with before it costs anything.
  absl::Status TakeUp();

  /// Answers with `response` when OK, else with the error. The object may be gone when this returns.
  void End(const absl::Status& status);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void OnCancel() override { cancellation_.Cancel(); }
  void OnDone() override { delete this; }
  bool MayBeHeld(const absl::Status& refusal);
  absl::Duration Age() const { return absl::FromChrono(std::chrono::steady_clock::now() - start_); }

  RpcObserver* const observer_;
  const grpc::CallbackServerContext* const context_;
  const grpc::ByteBuffer* const request_;
  grpc::ByteBuffer* const response_;
  const SteadyTime start_ = std::chrono::steady_clock::now();
  CancellationToken cancellation_;
  const CallInfo info_;
  AccessDecision decision_;
  CallSlot held_;                       // taken while a refusal is held
  std::unique_ptr<grpc::Alarm> alarm_;  // of a refusal that is held
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_UNARY_CALL_H_
