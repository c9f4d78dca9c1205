#include "core/serving/tag_selections.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint32_t kItems = 200;

std::vector<uint32_t> RowsOf(const TagSelection& selection) {
  std::vector<uint32_t> rows;
  selection.allowed.ForEachAllowed([&](uint32_t row) { rows.push_back(row); });
  return rows;
}

class TagSelectionsTest : public testing::Test {
 protected:
  TagSelectionsTest() {
    for (uint32_t i = 0; i < kItems; ++i) {
      catalog_.Put(absl::StrCat("i", i), "", {absl::StrCat("of", i % 4), absl::StrCat("single", i)}, i != 5);
    }
    snapshot_ = ServingSnapshot::Create(MakeStoredModel({.items = kItems}), catalog_);
  }

  std::shared_ptr<const TagSelection> Get(const TagFilter& tags, bool include_unavailable = false) {
    return snapshot_->tag_selections().Get(tags, include_unavailable, catalog_);
  }

  FakeCatalog catalog_;
  std::shared_ptr<const ServingSnapshot> snapshot_;
};

TEST_F(TagSelectionsTest, TheSameConditionIsTurnedIntoRowsOnce) {
  const auto first = Get({.any = {"of1"}});
  EXPECT_EQ(Get({.any = {"of1"}}), first);
  EXPECT_NE(Get({.all = {"of1"}}), first);
  EXPECT_NE(Get({.any = {"of1"}}, true), first);
}

TEST_F(TagSelectionsTest, ConditionsThatLookAlikeAreToldApart) {
  EXPECT_THAT(RowsOf(*Get({.any = {"single1", "single2"}})), ElementsAre(1, 2));
  EXPECT_THAT(RowsOf(*Get({.any = {"single1single2"}})), IsEmpty());
  EXPECT_THAT(RowsOf(*Get({.any = {"single1"}, .all = {"single2"}})), IsEmpty());
  EXPECT_THAT(RowsOf(*Get({.all = {"single1"}, .none = {"single2"}})), ElementsAre(1));
}

TEST_F(TagSelectionsTest, AChangeOfTheCatalogueIsSeenByTheNextRequest) {
  EXPECT_THAT(RowsOf(*Get({.any = {"single7", "new"}})), ElementsAre(7));
  catalog_.Put("i9", "", {"new"});
  EXPECT_THAT(RowsOf(*Get({.any = {"single7", "new"}})), ElementsAre(7, 9));
  ASSERT_TRUE(catalog_.Delete("i7").ok());
  EXPECT_THAT(RowsOf(*Get({.any = {"single7", "new"}})), ElementsAre(9));
}

TEST_F(TagSelectionsTest, WhoeverHoldsASelectionKeepsItOverAChange) {
  const auto held = Get({.any = {"single7"}});
  catalog_.Put("i9", "", {"single7"});
  EXPECT_THAT(RowsOf(*held), ElementsAre(7));
}

TEST_F(TagSelectionsTest, FewAllowedItemsComeWithAnIndexOfTheirOwn) {
  EXPECT_EQ(Get({.any = {"single1", "single2"}})->index.value().rows(), 2u);
  EXPECT_FALSE(Get({.any = {"of1"}})->index.has_value());
  EXPECT_FALSE(Get({})->index.has_value());
}

TEST_F(TagSelectionsTest, MoreConditionsThanAreKeptAreAnsweredRightAndTheLastOnesKept) {
  const TagSelections few(&snapshot_->ordinal_rows(), &snapshot_->index(), kItems, /*most_bytes=*/8'000);
  const auto get = [&](uint32_t i) { return few.Get({.any = {absl::StrCat("single", i)}}, true, catalog_); };
  const auto first = get(0);
  for (int round = 0; round < 2; ++round) {
    for (uint32_t i = 0; i < kItems; ++i) ASSERT_THAT(RowsOf(*get(i)), ElementsAre(i));
  }
  EXPECT_EQ(get(kItems - 1), get(kItems - 1));
  EXPECT_NE(get(0), first);
}

TEST_F(TagSelectionsTest, LongConditionsTakeNoMoreMemoryThanIsAllowed) {
  constexpr size_t kMost = size_t{256} << 10;
  const TagSelections few(&snapshot_->ordinal_rows(), &snapshot_->index(), kItems, kMost);
  for (const size_t length : {1u, 256u, 4'000u}) {
    for (uint32_t i = 0; i < 1'000; ++i) {
      const std::string unknown = absl::StrCat(std::string(length, 'x'), i);
      ASSERT_THAT(RowsOf(*few.Get({.any = {"single7", unknown}}, true, catalog_)), ElementsAre(7));
      ASSERT_LE(few.bytes(), kMost);
      ASSERT_GE(few.bytes(), length) << "the key counts";
    }
    EXPECT_GT(few.bytes(), kMost / 2 - 10'000);
  }
}

TEST_F(TagSelectionsTest, AConditionOfManyTagsIsAnsweredRightAndNotKept) {
  const TagSelections none(&snapshot_->ordinal_rows(), &snapshot_->index(), kItems);
  TagFilter filter;
  for (int i = 0; i < 3'000; ++i) filter.any.push_back(absl::StrCat(std::string(200, 'x'), i));
  filter.any.push_back("single7");
  EXPECT_THAT(RowsOf(*none.Get(filter, true, catalog_)), ElementsAre(7));
  EXPECT_EQ(none.bytes(), 0u);
}

}  // namespace
}  // namespace ridgeline
