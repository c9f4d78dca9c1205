#ifndef RIDGELINE_CORE_BASE_CLOCK_H_
#define RIDGELINE_CORE_BASE_CLOCK_H_

#include <chrono>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/mutex.h"

namespace ridgeline {

/// Where the program takes the time from, so that tests can set it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  /// The time of day, for stamps that people and other machines read; it may jump.
  virtual absl::Time Now() const = 0;
};

/// The machine's own clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

/// The time of a clock of its own that never jumps, for waits and rates: only differences mean anything.
inline absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

/// A clock that moves only when told to. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(absl::Time start) : now_(start) {}

  absl::Time Now() const override {
    MutexLock lock(&mutex_);
    return now_;
  }

  /// Moves the clock by `step`, which may be negative.
  void Advance(absl::Duration step) {
    MutexLock lock(&mutex_);
    now_ += step;
  }

 private:
  mutable Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_CLOCK_H_
