#include "server/access/client_limiter.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/types/optional.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

constexpr absl::Duration kNow = absl::Seconds(100);

std::shared_ptr<ClientLimiter> LimiterOf(const ClientLimits& limits) {
  auto limiter = std::make_shared<ClientLimiter>();
  limiter->Set(limits);
  return limiter;
}

absl::Duration RetryOf(const absl::Status& status) {
  google::rpc::RetryInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
  EXPECT_TRUE(payload.has_value() && info.ParseFromString(std::string(*payload))) << status;
  return absl::Seconds(info.retry_delay().seconds()) + absl::Nanoseconds(info.retry_delay().nanos());
}

TEST(ClientLimiter, WithoutLimitsLetsAllIn) {
  const auto limiter = LimiterOf({});
  std::vector<CallSlot> slots;
  for (int i = 0; i < 1'000; ++i) {
    auto slot = limiter->Admit("a", kNow);
    ASSERT_TRUE(slot.ok());
    slots.push_back(*std::move(slot));
  }
  EXPECT_EQ(limiter->in_flight(), 1'000);
  slots.clear();
  EXPECT_EQ(limiter->in_flight(), 0);
}

TEST(ClientLimiter, BoundsCallsInFlightUntilOneEnds) {
  ClientLimits limits;
  limits.calls_in_flight = 2;
  const auto limiter = LimiterOf(limits);
  auto first = limiter->Admit("shop", kNow);
  auto second = limiter->Admit("shop", kNow);
  ASSERT_TRUE(first.ok() && second.ok());
  const auto third = limiter->Admit("shop", kNow);
  ASSERT_TRUE(absl::IsResourceExhausted(third.status()));
  EXPECT_THAT(std::string(third.status().message()),
              HasSubstr("'shop' is at its limit of 2 calls in flight"));
  EXPECT_GT(RetryOf(third.status()), absl::ZeroDuration());
  EXPECT_EQ(limiter->in_flight(), 2);
  first->Release();
  first->Release();
  EXPECT_EQ(limiter->in_flight(), 1);
  EXPECT_TRUE(limiter->Admit("shop", kNow).ok());
}

TEST(ClientLimiter, ASlotThatMovesIsGivenBackOnce) {
  const auto limiter = LimiterOf({});
  {
    CallSlot slot = *limiter->Admit("a", kNow);
    CallSlot other = std::move(slot);
    CallSlot third;
    third = std::move(other);
    EXPECT_EQ(limiter->in_flight(), 1);
    third = *limiter->Admit("a", kNow);
    EXPECT_EQ(limiter->in_flight(), 1);
  }
  EXPECT_EQ(limiter->in_flight(), 0);
}

TEST(ClientLimiter, BoundsTheRateAndTellsWhenToComeBack) {
  ClientLimits limits;
  limits.calls_per_second = 10;
  const auto limiter = LimiterOf(limits);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limiter->Admit("a", kNow).ok()) << i;
  const auto refused = limiter->Admit("a", kNow);
  ASSERT_TRUE(absl::IsResourceExhausted(refused.status()));
  EXPECT_EQ(RetryOf(refused.status()), absl::Milliseconds(100));
  EXPECT_EQ(limiter->in_flight(), 0);
  EXPECT_TRUE(limiter->Admit("a", kNow + absl::Milliseconds(100)).ok());
}

TEST(ClientLimiter, TheBurstIsOfItsOwnWhereItIsGiven) {
  ClientLimits limits;
  limits.calls_per_second = 10;
  limits.burst = 3;
  const auto limiter = LimiterOf(limits);
  int admitted = 0;
  for (int i = 0; i < 10; ++i) admitted += limiter->Admit("a", kNow).ok() ? 1 : 0;
  EXPECT_EQ(admitted, 3);
}

TEST(ClientLimiter, PacesImportsByTheirBytes) {
  ClientLimits limits;
  limits.import_bytes_per_second = 1'000;
  const auto limiter = LimiterOf(limits);
  EXPECT_EQ(limiter->TakeImportBytes(kNow, 1'000), absl::ZeroDuration());
  EXPECT_EQ(limiter->TakeImportBytes(kNow, 2'000), absl::Seconds(2));
  EXPECT_EQ(LimiterOf({})->TakeImportBytes(kNow, 1 << 30), absl::ZeroDuration());
}

TEST(ClientLimiter, NewLimitsCountFromTheNextCallOn) {
  ClientLimits limits;
  limits.calls_in_flight = 1;
  const auto limiter = LimiterOf(limits);
  const auto first = limiter->Admit("a", kNow);
  EXPECT_FALSE(limiter->Admit("a", kNow).ok());
  limiter->Set({});
  EXPECT_TRUE(limiter->Admit("a", kNow).ok());
}

TEST(ClientLimiter, HoldsSoManyRefusalsAndNoMore) {
  const auto limiter = std::make_shared<ClientLimiter>();
  std::vector<CallSlot> held;
  while (held.size() < 1'000) {
    held.push_back(limiter->HoldRefusal());
    if (!held.back().taken()) break;
  }
  EXPECT_EQ(held.size(), 257u);
  EXPECT_EQ(limiter->in_flight(), 0);
  held.front().Release();
  EXPECT_TRUE(limiter->HoldRefusal().taken());
}

}  // namespace
}  // namespace ridgeline
