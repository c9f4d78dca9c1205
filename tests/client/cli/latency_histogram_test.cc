#include "client/cli/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

LatencyHistogram Of(const std::vector<int64_t>& nanos) {
  LatencyHistogram histogram;
  for (int64_t value : nanos) histogram.Add(absl::Nanoseconds(value));
  return histogram;
}

// Latencies over nine powers of ten, so that every size of bucket is met.
std::vector<int64_t> LogUniform(int count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> nanos;
  for (int i = 0; i < count; ++i) {
    nanos.push_back(static_cast<int64_t>(std::pow(10.0, 9.0 * static_cast<double>(random()) / 0x1p64)));
  }
  return nanos;
}

TEST(LatencyHistogram, PercentilesAreWithinA512thOfThoseOfSortedSamples) {
  for (int count : {1, 2, 99, 10'000}) {
    std::vector<int64_t> nanos = LogUniform(count, /*seed=*/count);
    const LatencyHistogram histogram = Of(nanos);
    std::sort(nanos.begin(), nanos.end());
    for (double percent : {0.01, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
      const auto rank = static_cast<size_t>(std::ceil(percent / 100 * count));
      const auto exact = static_cast<double>(nanos[std::max<size_t>(rank, 1) - 1]);
      EXPECT_NEAR(absl::ToDoubleNanoseconds(histogram.Percentile(percent)), exact, exact / 512)
          << percent << "% of " << count;
    }
  }
}

TEST(LatencyHistogram, CountMeanMinimumAndMaximumAreExact) {
  const std::vector<int64_t> nanos = LogUniform(1000, /*seed=*/7);
  const LatencyHistogram histogram = Of(nanos);
  EXPECT_EQ(histogram.count(), 1000);
  EXPECT_EQ(histogram.Min(), absl::Nanoseconds(*std::min_element(nanos.begin(), nanos.end())));
  EXPECT_EQ(histogram.Max(), absl::Nanoseconds(*std::max_element(nanos.begin(), nanos.end())));
  const double sum = std::accumulate(nanos.begin(), nanos.end(), 0.0);
  EXPECT_NEAR(absl::ToDoubleNanoseconds(histogram.Mean()), sum / 1000, 1);
}

TEST(LatencyHistogram, CountsUpToALatencyToWithinABucket) {
  const std::vector<int64_t> nanos = LogUniform(10'000, /*seed=*/3);
  const LatencyHistogram histogram = Of(nanos);
  const auto count_up_to = [&](double limit) {
    return std::count_if(nanos.begin(), nanos.end(),
                         [limit](int64_t value) { return static_cast<double>(value) <= limit; });
  };
  for (int64_t limit : {0, 1, 700, 12'345, 1'000'000, 2'000'000'000}) {
    const int64_t count = histogram.CountUpTo(absl::Nanoseconds(limit));
    EXPECT_GE(count, count_up_to(static_cast<double>(limit))) << limit;
    EXPECT_LE(count, count_up_to(static_cast<double>(limit) * (1 + 1.0 / 256))) << limit;
  }
}

TEST(LatencyHistogram, MergingIsAddingBoth) {
  const std::vector<int64_t> some = LogUniform(100, /*seed=*/1);
  std::vector<int64_t> all = LogUniform(300, /*seed=*/2);
  LatencyHistogram merged = Of(some);
  merged.Merge(Of(all));
  merged.Merge(LatencyHistogram());
  all.insert(all.end(), some.begin(), some.end());
  EXPECT_EQ(merged.ToJson(), Of(all).ToJson());
}

TEST(LatencyHistogram, TakesAnyDuration) {
  const LatencyHistogram histogram = Of({-5, 0, std::numeric_limits<int64_t>::max()});
  EXPECT_EQ(histogram.Percentile(50), absl::ZeroDuration());
  EXPECT_EQ(histogram.Max(), absl::Nanoseconds(std::numeric_limits<int64_t>::max()));
}

TEST(LatencyHistogram, OfNoCallsIsZero) {
  EXPECT_EQ(LatencyHistogram().Percentile(99), absl::ZeroDuration());
  EXPECT_EQ(LatencyHistogram().Mean(), absl::ZeroDuration());
  EXPECT_EQ(LatencyHistogram().CountUpTo(absl::Hours(1)), 0);
}

TEST(LatencyHistogram, IsALineForPeopleAndAnObjectForScripts) {
  const LatencyHistogram histogram = Of({1'000'000, 3'000'000});
  EXPECT_EQ(histogram.ToText(),
            "latency of 2 calls in ms: mean 2.000, p50 1.000, p90 3.000, p99 3.000, max 3.000");
  EXPECT_EQ(histogram.ToJson(),
            R"({"calls":2,"latency_ms":{"mean":2,"p50":1.00045,"p90":3,"p99":3,"p999":3,"max":3}})");
}

}  // namespace
}  // namespace ridgeline
