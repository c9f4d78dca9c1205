#include "client/api_key.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ApiKey, OnlyVisibleAsciiCanBeSent) {
  EXPECT_TRUE(ValidateApiKey("").ok());
  EXPECT_TRUE(ValidateApiKey("rk_-aZ09~!").ok());
  for (const char* key : {"rk_secret with space", "rk_secret\n", "rk_secret\xc3\xa9", "\trk_secret"}) {
    const absl::Status status = ValidateApiKey(key);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << key;
    EXPECT_THAT(status.ToString(), Not(HasSubstr("rk_secret")));
    EXPECT_THAT(status.ToString(), HasSubstr("api_key"));
  }
}

}  // namespace
}  // namespace ridgeline
