#include "client/cli/format.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Format, GroupsDigitsOfCounts) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(-1234567), "-1,234,567");
  EXPECT_EQ(FormatCount(-123), "-123");
}

TEST(Format, CountsWithTheirNoun) {
  EXPECT_EQ(FormatCount(1, "item", "items"), "1 item");
  EXPECT_EQ(FormatCount(0, "item", "items"), "0 items");
  EXPECT_EQ(FormatCount(2000, "item", "items"), "2,000 items");
}

TEST(Format, RoundsScoresAndFigures) {
  EXPECT_EQ(FormatScore(3.14159), "3.1416");
  EXPECT_EQ(FormatFigure(0.1), "0.1");
  EXPECT_EQ(FormatFigure(1234567), "1.23457e+06");
}

TEST(Format, TimesAreUtcAndUnsetOnesEmpty) {
  google::protobuf::Timestamp time;
  EXPECT_EQ(FormatTimestamp(time), "");
  time.set_seconds(1700000000);
  EXPECT_EQ(FormatTimestamp(time), "2023-11-14 22:13:20Z");
}

TEST(Format, SpansShowTwoUnits) {
  EXPECT_EQ(FormatSpan(absl::ZeroDuration()), "0s");
  EXPECT_EQ(FormatSpan(absl::Milliseconds(1500)), "1.5s");
  EXPECT_EQ(FormatSpan(absl::Seconds(302)), "5m 2s");
  EXPECT_EQ(FormatSpan(absl::Hours(3) + absl::Minutes(4) + absl::Seconds(5)), "3h 4m");
  EXPECT_EQ(FormatSpan(absl::Hours(76)), "3d 4h");
  EXPECT_EQ(FormatSpan(absl::Seconds(-1)), "0s");
  google::protobuf::Duration proto;
  proto.set_nanos(250000000);
  EXPECT_EQ(FormatSpan(proto), "0.25s");
}

TEST(Format, EnumsLoseTheirTypesPrefix) {
  EXPECT_EQ(FormatEnum("TRAINING_STATE_QUEUED", "TRAINING_STATE_"), "QUEUED");
  EXPECT_EQ(FormatEnum("17", "TRAINING_STATE_"), "17");
}

}  // namespace
}  // namespace ridgeline
