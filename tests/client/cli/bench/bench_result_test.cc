#include "client/cli/bench/bench_result.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

constexpr absl::Duration kMillisecond = absl::Milliseconds(1);

BenchEnd End(absl::Duration due, absl::Duration latency, absl::StatusCode code = absl::StatusCode::kOk) {
  return {{/*rpc=*/0, due, due}, due + latency, code, code == absl::StatusCode::kOk ? "" : "why"};
}

// Counts from 1 s to 3 s.
BenchResult Empty() {
  return BenchResult({"recommend", "record"}, {absl::Seconds(1), absl::Seconds(3)});
}

TEST(BenchResult, MeasuresLatencyFromWhenACallWasDue) {
  BenchResult result = Empty();
  result.Add({{/*rpc=*/1, /*due=*/absl::Seconds(2), /*started=*/absl::Seconds(2.5)}, absl::Seconds(2.6)});
  EXPECT_EQ(result.succeeded(1).Max(), absl::Milliseconds(600));
  EXPECT_EQ(result.start_delays().Max(), absl::Milliseconds(500));
}

TEST(BenchResult, CountsCallsThatWereDueInTheWindow) {
  BenchResult result = Empty();
  for (double due : {0.0, 0.999, 1.0, 2.999, 3.0}) result.Add(End(absl::Seconds(due), kMillisecond));
  EXPECT_EQ(result.Calls(), 2);
  EXPECT_EQ(result.CallsMade(), 5);
}

TEST(BenchResult, RatesWhatEndedInTheWindow) {
  BenchResult result = Empty();
  result.Add(End(absl::Seconds(0.5), absl::Seconds(1)));  // of the warm-up, answered after it
  result.Add(End(absl::Seconds(1.5), absl::Seconds(1)));
  result.Add(End(absl::Seconds(2.5), absl::Seconds(1)));  // answered too late
  EXPECT_EQ(result.Length(), absl::Seconds(2));
  EXPECT_EQ(result.Rate(), 1.0);
}

TEST(BenchResult, AWindowWithoutAnEndIsAsLongAsItsCalls) {
  BenchResult result({"recommend"}, {absl::Seconds(1), absl::InfiniteDuration()});
  EXPECT_EQ(result.Rate(), 0.0);
  result.Add(End(absl::Seconds(1), absl::Seconds(1)));
  result.Add(End(absl::Seconds(1), absl::Seconds(4)));
  EXPECT_EQ(result.Length(), absl::Seconds(4));
  EXPECT_EQ(result.Rate(), 0.5);
}

TEST(BenchResult, CountsFailuresByCodeApartFromLatencies) {
  BenchResult result = Empty();
  result.Add(End(absl::Seconds(1), kMillisecond));
  result.Add(End(absl::Seconds(1), 2 * kMillisecond, absl::StatusCode::kUnavailable));
  result.Add(End(absl::Seconds(1), 3 * kMillisecond, absl::StatusCode::kUnavailable));
  result.Add(End(absl::Seconds(1), 4 * kMillisecond, absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(result.Succeeded().count(), 1);
  EXPECT_EQ(result.Failed(), 3);
  EXPECT_EQ(result.failed(0), 3);
  EXPECT_EQ(result.failed(1), 0);
  EXPECT_EQ(result.failures().at(absl::StatusCode::kUnavailable).latencies.count(), 2);
  EXPECT_EQ(result.failures().at(absl::StatusCode::kDeadlineExceeded).latencies.Max(), 4 * kMillisecond);
  EXPECT_EQ(result.failures().at(absl::StatusCode::kUnavailable).message, "why");
}

TEST(BenchResult, SaysWhenTheGeneratorWasTooSlow) {
  const auto kept_up = [](absl::Duration delay, absl::Duration latency) {
    BenchResult result = Empty();
    const absl::Duration due = absl::Seconds(1);
    result.Add({{/*rpc=*/0, due, due + delay}, due + latency});
    return result.KeptUp();
  };
  EXPECT_TRUE(kept_up(absl::Microseconds(900), kMillisecond));
  EXPECT_FALSE(kept_up(2 * kMillisecond, 3 * kMillisecond));
  EXPECT_TRUE(kept_up(2 * kMillisecond, 30 * kMillisecond));
  EXPECT_TRUE(Empty().KeptUp());
}

}  // namespace
}  // namespace ridgeline
