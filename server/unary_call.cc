#include "server/unary_call.h"

#include "absl/time/clock.h"
#include "server/rpc_status.h"

namespace ridgeline {
namespace {

// Long enough that 20 callers who ask again after each answer are refused 400 times a second, not 15,000
// times.
constexpr absl::Duration kRefusalDelay = absl::Milliseconds(50);

// What a refusal keeps in memory meanwhile.
constexpr size_t kMaxHeldBytes = size_t{16} << 10;

}  // namespace

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

bool UnaryCall::MayBeHeld(const absl::Status& refusal) {
  if (!absl::IsResourceExhausted(refusal) || decision_.client == nullptr) return false;
  if (request_->Length() > kMaxHeldBytes || DeadlineOf(*context_) - absl::Now() < 2 * kRefusalDelay)
    return false;
  held_ = decision_.client->limiter->HoldRefusal();
  return held_.taken();
}

void UnaryCall::Refuse(const absl::Status& status) {
  if (!MayBeHeld(status)) return End(status);
  alarm_ = std::make_unique<grpc::Alarm>();
  alarm_->Set(absl::ToChronoTime(absl::Now() + kRefusalDelay),
              [this, status](bool /*elapsed*/) { End(status); });
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
