#include "core/serving/item_lookup.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(ItemLookup, FindsRowsAndRemembersUnknownIdsOnceInOrder) {
  const auto ids = NumberedIds("i", 3);
  ItemLookup lookup(ids.get());
  EXPECT_THAT(lookup.FindAll({"b", "i2", "a", "b"}, "f").value(), ElementsAre(2));
  EXPECT_THAT(lookup.FindAll({"a", "c", "i0"}, "g").value(), ElementsAre(0));
  EXPECT_THAT(lookup.TakeUnknown(), ElementsAre("b", "a", "c"));
}

TEST(ItemLookup, NamesTheFieldOfAnIdThatIsNone) {
  const auto ids = NumberedIds("i", 3);
  ItemLookup lookup(ids.get());
  for (const std::string& bad : {std::string(), std::string(257, 'x'), std::string("\xff")}) {
    const absl::Status status = lookup.FindAll({"i0", bad}, "filter.exclude_item_ids").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), StartsWith("filter.exclude_item_ids[1]"));
  }
}

}  // namespace
}  // namespace ridgeline
