#include "client/cli/bench/bench_clock.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(SteadyBenchClock, NeverGoesBack) {
  const SteadyBenchClock clock;
  const absl::Duration before = clock.Now();
  EXPECT_LE(before, clock.Now());
}

TEST(SteadyBenchClock, ReturnsFromItsSleepNotBeforeTheTime) {
  SteadyBenchClock clock;
  const absl::Duration time = clock.Now() + absl::Microseconds(200);
  clock.SleepUntil(time);
  EXPECT_GE(clock.Now(), time);
}

TEST(SteadyBenchClock, DoesNotSleepUntilWhatIsPast) {
  SteadyBenchClock clock;
  clock.SleepUntil(-absl::InfiniteDuration());
  clock.SleepUntil(clock.Now());
}

}  // namespace
}  // namespace ridgeline
