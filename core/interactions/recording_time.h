#ifndef RIDGELINE_CORE_INTERACTIONS_RECORDING_TIME_H_
#define RIDGELINE_CORE_INTERACTIONS_RECORDING_TIME_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/mutex.h"

namespace ridgeline {

/// How far the clocks of this machine and of those that send interactions may be apart: the clock may jump by
/// a day either way, and theirs may not be right either.
inline constexpr absl::Duration kClockTolerance = absl::Hours(48);

/// What time it is for those that record.
struct RecordingMoment {
  absl::Time stamp;   ///< for interactions that come without a time
  absl::Time latest;  ///< the latest time that an interaction may bring

  /// OK, or kInvalidArgument naming "time" when `time` is too far in the future: one such interaction would
  /// make all others look old.
  absl::Status Check(absl::Time time) const;
};

/// The newest stamp once `stamp` was given after `newest`: the later of the two, unless `newest` is ahead of
/// the other by more than the tolerance. The clock was set right then.
absl::Time NewestStamp(absl::Time newest, absl::Time stamp);

/// Gives interactions their times so that their order is that of recording although the clock jumps: a stamp
/// is never before an earlier one of this object, nor before the newest one that it was told of, unless the
/// clock went back by more than the tolerance. Thread-safe.
class RecordingTime {
 public:
  /// `clock` must outlive it. `newest` is the newest stamp that is known from before, of an earlier process
  /// perhaps, see InteractionLog::newest_stamp.
  explicit RecordingTime(const Clock* clock, absl::Time newest = absl::InfinitePast())
      : clock_(clock), last_stamp_(newest) {}

  /// The moment of recording.
  RecordingMoment Now();

 private:
  const Clock* const clock_;
  Mutex mutex_;
  absl::Time last_stamp_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_RECORDING_TIME_H_
