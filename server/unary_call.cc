#include "server/unary_call.h"

#include "server/rpc_status.h"

namespace ridgeline {

absl::Status QueueFull() {
  return absl::ResourceExhaustedError("the server is overloaded: too many calls wait");
}

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  return deadline == decltype(deadline)::max() ? absl::InfiniteFuture() : absl::FromChrono(deadline);
}

UnaryCall::UnaryCall(RpcObserver* observer, grpc::CallbackServerContext* context,
                     const grpc::ByteBuffer* request, grpc::ByteBuffer* response)
    : observer_(observer),
      context_(context),
      request_(request),
      response_(response),
      info_(DeadlineOf(*context), &cancellation_, observer->clock()) {
  observer_->Begin();
}

absl::Status UnaryCall::Admit() {
  decision_ = observer_->guard().Admit(*context_);
  return decision_.status;
}

absl::Status UnaryCall::TakeUp() {
  absl::Status alive = info_.CheckAlive();
  observer_->Dequeued(alive, Age());
  return alive;
}

void UnaryCall::End(const absl::Status& status) {
  observer_->guard().Audit(decision_, *context_, status, *request_, *response_);
  observer_->End(status, Age());
  // Before the caller knows, who may call again at once.
  decision_.slot.Release();
  Finish(ToGrpcStatus(status));
}

}  // namespace ridgeline
