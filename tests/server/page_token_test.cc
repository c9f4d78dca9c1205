#include "server/page_token.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(PageToken, GivesThePositionBack) {
  for (const char* position : {"a", "v000042", "an id: with, odd\tcharacters \xc3\xa9"}) {
    EXPECT_EQ(DecodePageToken("items", EncodePageToken("items", position)).value(), position);
  }
}

TEST(PageToken, EmptyMeansTheFirstPage) {
  EXPECT_EQ(DecodePageToken("items", "").value(), "");
}

TEST(PageToken, RefusesWhatIsNotOfThisList) {
  const std::string token = EncodePageToken("items", "a");
  EXPECT_TRUE(DecodePageToken("items", token).ok());
  for (const std::string& wrong : {std::string("!!"), std::string("abcd"), token + "x", token.substr(1),
                                   EncodePageToken("models", "a"), EncodePageToken("items", "")}) {
    const auto decoded = DecodePageToken("items", wrong);
    if (decoded.ok() && *decoded != "a") continue;  // changed bytes may still name a position
    ASSERT_TRUE(absl::IsInvalidArgument(decoded.status())) << wrong;
    EXPECT_EQ(decoded.status().message().substr(0, 11), "page_token:");
  }
}

}  // namespace
}  // namespace ridgeline
