#include "client/retrier.h"

#include <vector>

#include "client/status_conversion.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/client/grpc_error.h"
#include "tests/client/manual_retry_clock.h"

namespace ridgeline {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(10);

struct Outcome {
  absl::Status status;
  int attempts = 0;
};

Outcome RunFailing(const absl::Status& failure, const RetryOptions& options, ManualRetryClock& clock,
                   absl::Duration timeout = kTimeout, bool repeatable = true) {
  Outcome outcome;
  outcome.status = Retrier(options, &clock).Run(timeout, repeatable, [&](absl::Duration) {
    ++outcome.attempts;
    return failure;
  });
  return outcome;
}

TEST(Retrier, DoesNotRepeatASuccess) {
  ManualRetryClock clock;
  const Outcome outcome = RunFailing(absl::OkStatus(), {}, clock);
  EXPECT_TRUE(outcome.status.ok());
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_TRUE(clock.pauses().empty());
}

TEST(Retrier, RepeatsUnavailableUpToTheMostAttempts) {
  ManualRetryClock clock;
  const Outcome outcome = RunFailing(absl::UnavailableError("down"), {.max_attempts = 3}, clock);
  EXPECT_TRUE(absl::IsUnavailable(outcome.status));
  EXPECT_EQ(outcome.attempts, 3);
  EXPECT_EQ(clock.pauses().size(), 2u);
}

TEST(Retrier, RepeatsNothingElse) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status failure(static_cast<absl::StatusCode>(code), "no");
    ManualRetryClock clock;
    EXPECT_EQ(RunFailing(failure, {}, clock).attempts, absl::IsUnavailable(failure) ? 4 : 1) << failure;
  }
}

TEST(Retrier, DoesNotRepeatWhatIsNotRepeatable) {
  ManualRetryClock clock;
  EXPECT_EQ(RunFailing(absl::UnavailableError("down"), {}, clock, kTimeout, /*repeatable=*/false).attempts,
            1);
}

TEST(Retrier, GivesLaterAttemptsOnlyTheTimeThatIsLeft) {
  ManualRetryClock clock;
  std::vector<absl::Duration> remaining;
  (void)Retrier({}, &clock).Run(kTimeout, true, [&](absl::Duration left) {
    remaining.push_back(left);
    return absl::UnavailableError("down");
  });
  ASSERT_EQ(remaining.size(), 4u);
  EXPECT_EQ(remaining[0], kTimeout);
  EXPECT_EQ(remaining[1], kTimeout - clock.pauses()[0]);
  EXPECT_EQ(remaining[2], kTimeout - clock.pauses()[0] - clock.pauses()[1]);
}

TEST(Retrier, StopsWhenThePauseWouldOutlastTheDeadline) {
  ManualRetryClock clock;
  const RetryOptions options = {.max_attempts = 100, .initial_backoff = absl::Seconds(1)};
  const Outcome outcome = RunFailing(absl::UnavailableError("down"), options, clock, absl::Seconds(3));
  EXPECT_TRUE(absl::IsUnavailable(outcome.status));
  EXPECT_LT(clock.Now(), absl::FromUnixSeconds(1000) + absl::Seconds(3));
  EXPECT_LE(outcome.attempts, 4);
}

TEST(Retrier, WaitsAsLongAsTheServerAsks) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(4);
  ManualRetryClock clock;
  const absl::Status failure = FromGrpcStatus(ErrorWithDetail(grpc::StatusCode::UNAVAILABLE, "busy", info));
  RunFailing(failure, {.max_attempts = 2}, clock);
  EXPECT_THAT(clock.pauses(), testing::ElementsAre(absl::Seconds(4)));
}

TEST(Retrier, PausesDifferBetweenSeedsAndRepeatForOne) {
  const auto pauses = [](uint64_t seed) {
    ManualRetryClock clock;
    RunFailing(absl::UnavailableError("down"), {.jitter_seed = seed}, clock);
    return clock.pauses();
  };
  EXPECT_EQ(pauses(1), pauses(1));
  EXPECT_NE(pauses(1), pauses(2));
}

TEST(RetrierBackoff, DoublesUpToTheLongestPause) {
  const RetryOptions options = {.initial_backoff = absl::Milliseconds(50),
                                .max_backoff = absl::Milliseconds(300)};
  const int64_t half_millis[] = {25, 50, 100, 150, 150};
  for (int retry = 1; retry <= 5; ++retry) {
    EXPECT_EQ(Retrier::Backoff(options, retry, 0), absl::Milliseconds(half_millis[retry - 1])) << retry;
  }
}

TEST(RetrierBackoff, StaysBetweenHalfAndAllOfThePause) {
  const RetryOptions options = {.initial_backoff = absl::Seconds(1)};
  EXPECT_EQ(Retrier::Backoff(options, 1, 0), absl::Milliseconds(500));
  EXPECT_LE(Retrier::Backoff(options, 1, UINT64_MAX), absl::Seconds(1));
  EXPECT_GT(Retrier::Backoff(options, 1, UINT64_MAX), absl::Milliseconds(999));
}

TEST(RetrierBackoff, OfAHugeRetryNumberIsTheLongestPause) {
  EXPECT_EQ(Retrier::Backoff({}, 1000000, 0), absl::Seconds(1));
}

}  // namespace
}  // namespace ridgeline
