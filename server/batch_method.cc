#include "server/batch_method.h"

#include <algorithm>
#include <utility>

namespace ridgeline {

grpc::ServerUnaryReactor* BatchMethod::Start(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  auto* call = new UnaryCall(&observer_, context, request, response);
  const bool queued =
      request->Length() > kMaxBatchedBytes ? pool_->TrySubmit([this, call] { Answer({call}); }) : Queue(call);
  if (!queued) call->End(QueueFull());
  return call;
}

bool BatchMethod::Queue(UnaryCall* call) {
  MutexLock lock(&mutex_);
  if (waiting_.size() >= pool_->max_queue()) return false;
  if (visits_ < pool_->threads() && pool_->TrySubmit([this] { Visit(); })) ++visits_;
  if (visits_ == 0) return false;
  waiting_.push_back(call);
  return true;
}

void BatchMethod::Visit() {
  Answer(Take());
}

BatchMethod::Calls BatchMethod::Take() {
  MutexLock lock(&mutex_);
  --visits_;
  const auto threads = static_cast<size_t>(pool_->threads());
  const size_t share = (waiting_.size() + threads - 1) / threads;
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(share, kMaxCalls));
  Calls calls(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  if (!waiting_.empty() && visits_ == 0) {
    pool_->Resubmit([this] { Visit(); });
    ++visits_;
  }
  return calls;
}

void BatchMethod::Answer(Calls calls) {
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
