#include "core/interactions/recording_time.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ridgeline {

absl::Status RecordingMoment::Check(absl::Time time) const {
  if (time <= latest) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("time: is in the future: ", absl::FormatTime(time, absl::UTCTimeZone()), " is after ",
                   absl::FormatTime(latest, absl::UTCTimeZone()), ", the latest that is taken"));
}

RecordingMoment RecordingTime::Now() {
  MutexLock lock(&mutex_);
  const absl::Time now = clock_->Now();
  const bool set_right = last_stamp_ > now + kClockTolerance;  // the earlier stamps were far off
  last_stamp_ = set_right ? now : std::max(last_stamp_, now);
  return {last_stamp_, now + kClockTolerance};
}

}  // namespace ridgeline
