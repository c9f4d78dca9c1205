#include "server/rpc_import.h"

#include <chrono>

#include "absl/status/status.h"
#include "core/base/cancellation.h"
#include "core/base/status_macros.h"
#include "server/call_info.h"
#include "server/rpc_codec.h"
#include "server/rpc_status.h"

namespace ridgeline {

// Reads, records, reads on. One of these steps is under way at any time, so they need no lock.
class ImportMethod::Call final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  Call(ImportMethod* method, grpc::CallbackServerContext* context, grpc::ByteBuffer* response)
      : method_(method),
        response_(response),
        call_(DeadlineOf(*context), &cancellation_, method->observer_.clock()),
        import_(method->recorder_) {
    method_->observer_.Begin();
    StartRead(&message_);
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) {
      End(Acknowledge());
    } else if (!method_->pool_->TrySubmit([this] { Run(); })) {
      End(import_.Annotate(QueueFull()));
    }
  }

  void Run() {
    const absl::Status status = Record();
    if (!status.ok()) return End(status);
    StartRead(&message_);
  }

  absl::Status Record() {
    RIDGELINE_RETURN_IF_ERROR(call_.CheckAlive());
    v1::ImportInteractionsRequest message;
    const absl::Status parsed = ParseMessage(message_, &message);
    if (!parsed.ok()) return import_.Annotate(parsed);
    return import_.Add(message);
  }

  // A read fails when the client has sent everything, or is gone.
  absl::Status Acknowledge() {
    RIDGELINE_RETURN_IF_ERROR(call_.CheckAlive());
    return SerializeMessage(import_.summary(), response_);
  }

  // The object may be gone when Finish returns.
  void End(const absl::Status& status) {
    method_->observer_.End(status, absl::FromChrono(std::chrono::steady_clock::now() - start_));
    Finish(ToGrpcStatus(status));
  }

  void OnCancel() override { cancellation_.Cancel(); }
  void OnDone() override { delete this; }

  ImportMethod* const method_;
  grpc::ByteBuffer* const response_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  CancellationToken cancellation_;
  const CallInfo call_;
  InteractionImport import_;
  grpc::ByteBuffer message_;
};

grpc::ServerReadReactor<grpc::ByteBuffer>* ImportMethod::Start(grpc::CallbackServerContext* context,
                                                               grpc::ByteBuffer* response) {
  return new Call(this, context, response);
}

}  // namespace ridgeline
