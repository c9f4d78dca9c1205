#include "client/cli/bench/arrival_schedule.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

std::vector<double> Seconds(ArrivalSchedule schedule, int count) {
  std::vector<double> seconds;
  for (int i = 0; i < count; ++i) seconds.push_back(absl::ToDoubleSeconds(schedule.Next()));
  return seconds;
}

TEST(ArrivalSchedule, ConstantArrivalsAreEvenlySpacedWithoutDrift) {
  const std::vector<double> seconds = Seconds({3000, Arrivals::kConstant, /*seed=*/1}, 300'000);
  EXPECT_NEAR(seconds[0], 1 / 3000.0, 1e-9);
  EXPECT_NEAR(seconds[1], 2 / 3000.0, 1e-9);
  EXPECT_NEAR(seconds[299'999], 100, 1e-9);
}

TEST(ArrivalSchedule, PoissonArrivalsHaveExponentialGaps) {
  constexpr int kCount = 100'000;
  const std::vector<double> seconds = Seconds({1000, Arrivals::kPoisson, /*seed=*/1}, kCount);
  EXPECT_NEAR(seconds.back(), 100, 2);
  int longer_than_mean = 0;
  for (int i = 1; i < kCount; ++i) longer_than_mean += seconds[i] - seconds[i - 1] > 0.001;
  EXPECT_NEAR(longer_than_mean, kCount * std::exp(-1), 800);
}

TEST(ArrivalSchedule, NeverGoesBack) {
  const std::vector<double> seconds = Seconds({1e6, Arrivals::kPoisson, /*seed=*/2}, 10'000);
  EXPECT_TRUE(std::is_sorted(seconds.begin(), seconds.end()));
}

TEST(ArrivalSchedule, RepeatsFromItsSeed) {
  EXPECT_EQ(Seconds({1, Arrivals::kPoisson, 1}, 100), Seconds({1, Arrivals::kPoisson, 1}, 100));
  EXPECT_NE(Seconds({1, Arrivals::kPoisson, 1}, 100), Seconds({1, Arrivals::kPoisson, 2}, 100));
}

}  // namespace
}  // namespace ridgeline
