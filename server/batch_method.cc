#include "server/batch_method.h"

#include <algorithm>
#include <utility>

namespace ridgeline {

grpc::ServerUnaryReactor* BatchMethod::Start(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  auto* call = new UnaryCall(&observer_, context, request, response);
  const absl::Status admitted = call->Admit();
  if (!admitted.ok()) {
    call->Refuse(admitted);
    return call;
  }
  const size_t bytes = request->Length();
  const bool queued = bytes > kMaxBatchedBytes ? pool_->TrySubmit([this, call] { Answer({call}); }, bytes)
                                               : waiting_.Add(call, bytes);
  if (!queued) call->End(QueueFull());
  return call;
}

void BatchMethod::Answer(std::vector<UnaryCall*> calls) {
  const auto drop = [](UnaryCall* call) {
    const absl::Status alive = call->TakeUp();
    if (!alive.ok()) call->End(alive);
    return !alive.ok();
  };
  calls.erase(std::remove_if(calls.begin(), calls.end(), drop), calls.end());
  if (calls.empty()) return;
  observer_.Batched(calls.size());
  handler_->Answer(calls);
}

}  // namespace ridgeline
