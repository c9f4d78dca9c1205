#include "server/convert_time.h"

#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

google::protobuf::Timestamp Stamp(int64_t seconds, int32_t nanos) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(nanos);
  return timestamp;
}

TEST(ConvertTime, TimesSurviveTheWayThereAndBack) {
  for (const absl::Time time : {absl::UnixEpoch(), absl::UnixEpoch() - absl::Milliseconds(1),
                                absl::FromUnixMicros(1'700'000'000'123'456),
                                absl::FromUnixSeconds(-62135596800), absl::FromUnixSeconds(253402300799)}) {
    const google::protobuf::Timestamp timestamp = ToProto(time);
    EXPECT_GE(timestamp.nanos(), 0);
    EXPECT_EQ(FromProto("time", timestamp).value(), time);
  }
}

TEST(ConvertTime, ClampsWhatATimestampCannotHold) {
  EXPECT_EQ(ToProto(absl::InfinitePast()).seconds(), -62135596800);
  EXPECT_EQ(ToProto(absl::InfiniteFuture()).seconds(), 253402300799);
  EXPECT_EQ(ToProto(absl::InfiniteDuration()).seconds(), 315576000000);
}

TEST(ConvertTime, RefusesTimestampsOutOfRange) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  for (const auto& wrong :
       {Stamp(kMost, 0), Stamp(-kMost, 0), Stamp(253402300800, 0), Stamp(0, -1), Stamp(0, 1'000'000'000)}) {
    const auto time = FromProto("interactions[1].time", wrong);
    ASSERT_TRUE(absl::IsInvalidArgument(time.status()));
    EXPECT_EQ(time.status().message().substr(0, 21), "interactions[1].time:");
  }
}

TEST(ConvertTime, DurationsHaveNanosOfTheSameSign) {
  EXPECT_EQ(ToProto(absl::Milliseconds(1500)).seconds(), 1);
  EXPECT_EQ(ToProto(absl::Milliseconds(1500)).nanos(), 500'000'000);
  EXPECT_EQ(ToProto(-absl::Milliseconds(1500)).seconds(), -1);
  EXPECT_EQ(ToProto(-absl::Milliseconds(1500)).nanos(), -500'000'000);
}

}  // namespace
}  // namespace ridgeline
