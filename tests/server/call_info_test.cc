#include "server/call_info.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(CallInfo, WithoutDeadlineIsAliveForEver) {
  EXPECT_TRUE(CallInfo().CheckAlive().ok());
}

TEST(CallInfo, ExpiresAtItsDeadline) {
  ManualClock clock(absl::FromUnixSeconds(100));
  const CallInfo call(absl::FromUnixSeconds(101), nullptr, &clock);
  EXPECT_TRUE(call.CheckAlive().ok());
  clock.Advance(absl::Seconds(1));
  EXPECT_TRUE(absl::IsDeadlineExceeded(call.CheckAlive()));
}

TEST(CallInfo, TellsWhenTheCallerCancelled) {
  CancellationToken cancellation;
  const CallInfo call(absl::InfiniteFuture(), &cancellation, nullptr);
  EXPECT_TRUE(call.CheckAlive().ok());
  cancellation.Cancel();
  EXPECT_TRUE(absl::IsCancelled(call.CheckAlive()));
}

TEST(CallInfo, AnExpiredCallIsNotTakenForACancelledOne) {
  ManualClock clock(absl::FromUnixSeconds(100));
  CancellationToken cancellation;
  cancellation.Cancel();
  const CallInfo call(absl::FromUnixSeconds(100), &cancellation, &clock);
  EXPECT_TRUE(absl::IsDeadlineExceeded(call.CheckAlive()));
}

}  // namespace
}  // namespace ridgeline
