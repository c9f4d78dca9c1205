#include "core/interactions/recording_time.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

TEST(RecordingTime, StampsAreTheClocks) {
  ManualClock clock(kStart);
  RecordingTime time(&clock);
  EXPECT_EQ(time.Now().stamp, kStart);
  clock.Advance(absl::Seconds(5));
  EXPECT_EQ(time.Now().stamp, kStart + absl::Seconds(5));
}

TEST(RecordingTime, StampsDoNotGoBackWhenTheClockIsADayAheadAndComesBack) {
  ManualClock clock(kStart);
  RecordingTime time(&clock);
  clock.Advance(absl::Hours(24));
  const absl::Time ahead = time.Now().stamp;
  clock.Advance(-absl::Hours(24));
  EXPECT_EQ(time.Now().stamp, ahead);
  clock.Advance(absl::Hours(25));
  EXPECT_EQ(time.Now().stamp, kStart + absl::Hours(25));
}

TEST(RecordingTime, StampsDoNotGoBackBehindTheNewestFromBefore) {
  ManualClock clock(kStart);
  const absl::Time newest = kStart + absl::Hours(24);
  RecordingTime time(&clock, newest);
  EXPECT_EQ(time.Now().stamp, newest);
  EXPECT_EQ(time.Now().latest, kStart + kClockTolerance) << "the clock's, not that of one that was ahead";
  clock.Advance(absl::Hours(25));
  EXPECT_EQ(time.Now().stamp, kStart + absl::Hours(25));
}

TEST(NewestStamp, IsTheLaterOneUnlessThatWasFarAhead) {
  EXPECT_EQ(NewestStamp(absl::InfinitePast(), kStart), kStart);
  EXPECT_EQ(NewestStamp(kStart, kStart + absl::Seconds(1)), kStart + absl::Seconds(1));
  EXPECT_EQ(NewestStamp(kStart + kClockTolerance, kStart), kStart + kClockTolerance);
  EXPECT_EQ(NewestStamp(kStart + kClockTolerance + absl::Seconds(1), kStart), kStart);
}

TEST(RecordingTime, ANewestFromBeforeThatIsFarAheadIsNotFollowed) {
  ManualClock clock(kStart);
  RecordingTime time(&clock, kStart + kClockTolerance + absl::Seconds(1));
  EXPECT_EQ(time.Now().stamp, kStart);
}

TEST(RecordingTime, AClockThatWasFarAheadIsNotFollowedForEver) {
  ManualClock clock(kStart + absl::Hours(24 * 365));
  RecordingTime time(&clock);
  time.Now();
  clock.Advance(-absl::Hours(24 * 365));
  EXPECT_EQ(time.Now().stamp, kStart);
}

TEST(RecordingTime, TimesOfOtherClocksADayAheadAreTakenAndThoseFarAheadAreNot) {
  ManualClock clock(kStart);
  RecordingTime time(&clock);
  EXPECT_TRUE(time.Now().Check(absl::UnixEpoch()).ok());
  EXPECT_TRUE(time.Now().Check(kStart + absl::Hours(24)).ok());
  EXPECT_TRUE(time.Now().Check(kStart + kClockTolerance).ok());
  const absl::Status late = time.Now().Check(kStart + kClockTolerance + absl::Nanoseconds(1));
  EXPECT_EQ(late.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(late.message()), testing::StartsWith("time: "));
  clock.Advance(-absl::Hours(24));
  EXPECT_TRUE(time.Now().Check(kStart + absl::Hours(24)).ok()) << "this clock is a day late, theirs is right";
}

}  // namespace
}  // namespace ridgeline
