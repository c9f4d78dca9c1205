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

absl::Time NewestStamp(absl::Time newest, absl::Time stamp) {
  return newest > stamp + kClockTolerance ? stamp : std::max(newest, stamp);
}

RecordingMoment RecordingTime::Now() {
  MutexLock lock(&mutex_);
  const absl::Time now = clock_->Now();
  last_stamp_ = NewestStamp(last_stamp_, now);
  return {last_stamp_, now + kClockTolerance};
}

}  // namespace ridgeline
