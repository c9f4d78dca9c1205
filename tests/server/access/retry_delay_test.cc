#include "server/access/retry_delay.h"

#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

google::protobuf::Duration Unpacked(absl::Duration delay) {
  google::rpc::RetryInfo info;
  EXPECT_TRUE(info.ParseFromString(PackRetryDelay(delay)));
  return info.retry_delay();
}

TEST(PackRetryDelay, KeepsSecondsAndNanosecondsApart) {
  const google::protobuf::Duration delay = Unpacked(absl::Seconds(90) + absl::Nanoseconds(7));
  EXPECT_EQ(delay.seconds(), 90);
  EXPECT_EQ(delay.nanos(), 7);
  EXPECT_EQ(Unpacked(absl::Milliseconds(999)).nanos(), 999'000'000);
}

TEST(PackRetryDelay, CutsWhatIsShorterThanANanosecond) {
  EXPECT_EQ(Unpacked(absl::Nanoseconds(1) / 4).nanos(), 0);
}

TEST(PackRetryDelay, IsNamedAsClientsLookForIt) {
  const std::string name(google::rpc::RetryInfo::descriptor()->full_name());
  EXPECT_EQ(kRetryInfoUrl, "type.googleapis.com/" + name);
}

}  // namespace
}  // namespace ridgeline
