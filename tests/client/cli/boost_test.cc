#include "client/cli/boost.h"

#include "client/cli/exit_code.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ParseBoost, ReadsFactorsForTags) {
  const auto boost = ParseBoost("tag:Sci-Fi*1.5");
  ASSERT_TRUE(boost.ok()) << boost.status();
  EXPECT_EQ(boost->tag(), "Sci-Fi");
  EXPECT_EQ(boost->multiply(), 1.5f);
}

TEST(ParseBoost, ReadsSummandsForItems) {
  const auto boost = ParseBoost("item:1210+0.25");
  ASSERT_TRUE(boost.ok()) << boost.status();
  EXPECT_EQ(boost->item_id(), "1210");
  EXPECT_EQ(boost->add(), 0.25f);
}

TEST(ParseBoost, TakesTheLastOperatorSoThatIdsMayContainThem) {
  EXPECT_EQ(ParseBoost("item:g++*2")->item_id(), "g++");
  EXPECT_EQ(ParseBoost("item:libstdc++6+1")->item_id(), "libstdc++6");
  EXPECT_EQ(ParseBoost("tag:a*b+-0.5")->tag(), "a*b");
  EXPECT_EQ(ParseBoost("tag:a*b+-0.5")->add(), -0.5f);
  EXPECT_EQ(ParseBoost("tag:tag:x*0")->tag(), "tag:x");
}

TEST(ParseBoost, RefusesEverythingElseAsWrongUsage) {
  for (const char* text : {"", "tag:x", "x*2", "tag:*2", "item:+1", "tag:x*", "tag:x*much", "tag:x*2*",
                           "tags:x*2", "item:g++"}) {
    EXPECT_EQ(ExitCodeFor(ParseBoost(text).status()), ExitCode::kUsage) << text;
  }
}

}  // namespace
}  // namespace ridgeline
