#include "client/cli/latency.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

LatencySummary OfMillis(int count) {
  std::vector<absl::Duration> latencies;
  for (int i = count; i >= 1; --i) latencies.push_back(absl::Milliseconds(i));
  return LatencySummary(latencies);
}

TEST(LatencySummary, PercentilesAreNearestRanks) {
  const LatencySummary summary = OfMillis(200);
  EXPECT_EQ(summary.Percentile(50), absl::Milliseconds(100));
  EXPECT_EQ(summary.Percentile(99), absl::Milliseconds(198));
  EXPECT_EQ(summary.Percentile(100), absl::Milliseconds(200));
  EXPECT_EQ(summary.Percentile(0.1), absl::Milliseconds(1));
}

TEST(LatencySummary, OfOneCallIsThatCall) {
  const LatencySummary summary = OfMillis(1);
  EXPECT_EQ(summary.Percentile(50), absl::Milliseconds(1));
  EXPECT_EQ(summary.Percentile(100), absl::Milliseconds(1));
  EXPECT_EQ(summary.Mean(), absl::Milliseconds(1));
}

TEST(LatencySummary, IsALineForPeopleAndAnObjectForScripts) {
  EXPECT_EQ(OfMillis(3).ToText(),
            "latency of 3 calls in ms: mean 2.000, p50 2.000, p90 3.000, p99 3.000, max 3.000");
  EXPECT_EQ(OfMillis(3).ToJson(), R"({"calls":3,"latency_ms":{"mean":2,"p50":2,"p90":3,"p99":3,"max":3}})");
}

}  // namespace
}  // namespace ridgeline
