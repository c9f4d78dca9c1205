#include "server/rpc_method.h"

#include <chrono>

#include "core/base/cancellation.h"
#include "core/base/status_macros.h"
#include "server/rpc_status.h"

namespace ridgeline {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

absl::Duration Since(SteadyTime start) {
  return absl::FromChrono(std::chrono::steady_clock::now() - start);
}

}  // namespace

absl::Status QueueFull() {
  return absl::ResourceExhaustedError("the server is overloaded: too many calls wait");
}

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  return deadline == decltype(deadline)::max() ? absl::InfiniteFuture() : absl::FromChrono(deadline);
}

void RpcObserver::End(const absl::Status& status, absl::Duration duration) {
  environment_.metrics->CallEnds();
  metrics_.Record(status.code(), duration);
  if (absl::IsInternal(status) || absl::IsDataLoss(status) || absl::IsUnknown(status)) {
    environment_.logger->Error("call failed", {{"method", method_},
                                               {"code", absl::StatusCodeToString(status.code())},
                                               {"message", status.message()}});
  }
}

// Lives from the call's arrival to gRPC's last word on it.
class UnaryMethod::Call final : public grpc::ServerUnaryReactor {
 public:
  Call(UnaryMethod* method, grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
       grpc::ByteBuffer* response)
      : method_(method), context_(context), request_(request), response_(response) {
    method_->observer_.Begin();
  }

  void Queue() {
    if (!method_->pool_->TrySubmit([this] { Run(); })) End(QueueFull());
  }

 private:
  void Run() {
    method_->observer_.Dequeued(Since(start_));
    End(Answer());
  }

  absl::Status Answer() {
    const CallInfo call(DeadlineOf(*context_), &cancellation_, method_->observer_.clock());
    RIDGELINE_RETURN_IF_ERROR(call.CheckAlive());
    return method_->handler_(*request_, call, response_);
  }

  // The object may be gone when Finish returns.
  void End(const absl::Status& status) {
    method_->observer_.End(status, Since(start_));
    Finish(ToGrpcStatus(status));
  }

  void OnCancel() override { cancellation_.Cancel(); }
  void OnDone() override { delete this; }

  UnaryMethod* const method_;
  grpc::CallbackServerContext* const context_;
  const grpc::ByteBuffer* const request_;
  grpc::ByteBuffer* const response_;
  const SteadyTime start_ = std::chrono::steady_clock::now();
  CancellationToken cancellation_;
};

grpc::ServerUnaryReactor* UnaryMethod::Start(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  auto* call = new Call(this, context, request, response);
  call->Queue();
  return call;
}

}  // namespace ridgeline
