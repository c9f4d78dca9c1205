#ifndef RIDGELINE_CLIENT_CLI_BENCH_BENCH_CLOCK_H_
#define RIDGELINE_CLIENT_CLI_BENCH_BENCH_CLOCK_H_

#include "absl/time/time.h"

namespace ridgeline {

/// Where a load takes its time from, so that tests need not wait. Thread-safe.
class BenchClock {
 public:
  virtual ~BenchClock() = default;

  /// The time since some moment that stays the same; it never goes back.
  virtual absl::Duration Now() const = 0;

  /// Returns at `time` or shortly after.
  virtual void SleepUntil(absl::Duration time) = 0;
};

/// The machine's monotonic clock.
class SteadyBenchClock final : public BenchClock {
 public:
  absl::Duration Now() const override;

  /// Asks the system for wake-ups on time in this thread, which would else be 50 us late.
  void SleepUntil(absl::Duration time) override;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_BENCH_CLOCK_H_
