#ifndef RIDGELINE_SERVER_CALL_INFO_H_
#define RIDGELINE_SERVER_CALL_INFO_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/cancellation.h"
#include "core/base/clock.h"

namespace ridgeline {

/// What a service method may ask about the call it answers. Immutable, thus thread-safe.
class CallInfo {
 public:
  /// A call without a deadline that nobody cancels.
  CallInfo() = default;

  /// The pointers must outlive the object; `cancellation` is set when the caller gave up.
  CallInfo(absl::Time deadline, const CancellationToken* cancellation, const Clock* clock)
      : deadline_(deadline), cancellation_(cancellation), clock_(clock) {}

  /// OK while somebody waits for the answer; otherwise kDeadlineExceeded or kCancelled. gRPC cancels an
  /// expired call too, so the deadline is what is looked at first. To be asked before work that costs.
  absl::Status CheckAlive() const;

 private:
  absl::Time deadline_ = absl::InfiniteFuture();
  const CancellationToken* cancellation_ = nullptr;
  const Clock* clock_ = nullptr;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CALL_INFO_H_
