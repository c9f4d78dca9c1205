#include "server/call_info.h"

namespace ridgeline {

absl::Status CallInfo::CheckAlive() const {
  if (cancellation_ != nullptr && cancellation_->cancelled()) {
    return absl::CancelledError("the caller cancelled the call");
  }
  if (clock_ != nullptr && clock_->Now() >= deadline_) {
    return absl::DeadlineExceededError("the call's deadline has passed");
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
