#include "core/base/clock.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ManualClock, MovesOnlyWhenTold) {
  ManualClock clock(absl::FromUnixSeconds(100));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(100));
  clock.Advance(absl::Seconds(5));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(105));
  clock.Advance(-absl::Hours(1));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(105 - 3600));
}

TEST(SystemClock, TellsTheTimeOfDay) {
  EXPECT_GT(SystemClock().Now(), absl::FromUnixSeconds(1700000000));
}

}  // namespace
}  // namespace ridgeline
