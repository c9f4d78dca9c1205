#include "client/cli/filter_flags.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;

TEST(FilterFlags, BecomeAFilter) {
  FilterFlags flags;
  flags.exclude = {"a,b", "c"};
  flags.candidate = {"-"};
  flags.tags.any = {"x"};
  flags.tags.all = {"y,z"};
  flags.tags.none = {"w"};
  flags.include_unavailable = true;
  std::istringstream input("d\ne\n");
  v1::ItemFilter filter;
  ASSERT_TRUE(ReadItemFilter(flags, input, filter).ok());
  EXPECT_THAT(filter.exclude_item_ids(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(filter.candidate_item_ids(), ElementsAre("d", "e"));
  EXPECT_THAT(filter.tags().any(), ElementsAre("x"));
  EXPECT_THAT(filter.tags().all(), ElementsAre("y", "z"));
  EXPECT_THAT(filter.tags().none(), ElementsAre("w"));
  EXPECT_TRUE(filter.include_unavailable());
}

TEST(FilterFlags, AreEmptyUntilOneIsGiven) {
  EXPECT_TRUE(FilterFlags().empty());
  FilterFlags flags;
  flags.tags.none = {"x"};
  EXPECT_FALSE(flags.empty());
}

TEST(FilterFlags, ReportAFileThatIsNotThere) {
  FilterFlags flags;
  flags.tags.all = {"@/no/such/file"};
  std::istringstream input;
  v1::ItemFilter filter;
  EXPECT_TRUE(absl::IsNotFound(ReadItemFilter(flags, input, filter)));
}

}  // namespace
}  // namespace ridgeline
