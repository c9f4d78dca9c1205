#include "client/cli/proto_time.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ParseTimeFlag, ReadsUnixSecondsAndRfc3339) {
  EXPECT_EQ(ParseTimeFlag("1700000000"), absl::FromUnixSeconds(1700000000));
  EXPECT_EQ(ParseTimeFlag("1.5"), absl::FromUnixMillis(1500));
  EXPECT_EQ(ParseTimeFlag("2023-11-14T22:13:20Z"), absl::FromUnixSeconds(1700000000));
  EXPECT_EQ(ParseTimeFlag("2023-11-14T23:13:20+01:00"), absl::FromUnixSeconds(1700000000));
}

TEST(ParseTimeFlag, RefusesWhatIsNoTime) {
  for (const char* text : {"", "yesterday", "2023-11-14", "nan", "inf", "2023-13-14T22:13:20Z"}) {
    EXPECT_FALSE(ParseTimeFlag(text).has_value()) << text;
  }
}

TEST(ToTimestamp, RoundsDownBeforeTheEpochToo) {
  const auto proto = ToTimestamp(absl::FromUnixMillis(-1500));
  EXPECT_EQ(proto.seconds(), -2);
  EXPECT_EQ(proto.nanos(), 500000000);
  EXPECT_EQ(ToTimestamp(absl::FromUnixSeconds(7)).seconds(), 7);
}

}  // namespace
}  // namespace ridgeline
