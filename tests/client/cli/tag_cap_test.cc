#include "client/cli/tag_cap.h"

#include "client/cli/exit_code.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ParseTagCap, ReadsTags) {
  const auto cap = ParseTagCap("Sci-Fi=3");
  ASSERT_TRUE(cap.ok()) << cap.status();
  EXPECT_EQ(cap->tag(), "Sci-Fi");
  EXPECT_EQ(cap->max_count(), 3);
  EXPECT_EQ(ParseTagCap("a=b=2")->tag(), "a=b");
}

TEST(ParseTagCap, ReadsPrefixes) {
  EXPECT_EQ(ParseTagCap("genre:*=3")->tag_prefix(), "genre:");
  const auto every = ParseTagCap("*=1");
  ASSERT_TRUE(every.ok()) << every.status();
  EXPECT_TRUE(every->has_tag_prefix());
  EXPECT_EQ(every->tag_prefix(), "");
}

TEST(ParseTagCap, RefusesEverythingElseAsWrongUsage) {
  for (const char* text : {"", "x", "x=", "=3", "x=many", "x=1.5", "x=99999999999"}) {
    EXPECT_EQ(ExitCodeFor(ParseTagCap(text).status()), ExitCode::kUsage) << text;
  }
}

}  // namespace
}  // namespace ridgeline
