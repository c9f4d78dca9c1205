#include "server/call_info.h"

namespace ridgeline {

absl::Status CallInfo::CheckAlive() const {
  if (clock_ != nullptr && deadline_ != absl::InfiniteFuture() && clock_->Now() >= deadline_) {
    return absl::DeadlineExceededError("the call's deadline has passed");
  }
  if (cancellation_ != nullptr && cancellation_->cancelled()) {
    return absl::CancelledError("the caller cancelled the call");
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
