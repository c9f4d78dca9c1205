#include "core/retrieval/item_filter.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ItemFilter, AllowsEveryRowAndNoneBeyond) {
  for (uint32_t items : {0u, 1u, 63u, 64u, 65u, 1000u}) {
    const ItemFilter filter(items);
    EXPECT_EQ(filter.CountAllowed(), items);
    EXPECT_EQ(filter.words(), (items + 63) / 64);
  }
}

TEST(ItemFilter, OnlyAllowsTheRowsNamed) {
  const ItemFilter filter = ItemFilter::Only(130, {0, 64, 129, 64});
  EXPECT_EQ(filter.CountAllowed(), 3u);
  EXPECT_TRUE(filter.Allows(0) && filter.Allows(64) && filter.Allows(129));
  EXPECT_FALSE(filter.Allows(1) || filter.Allows(63) || filter.Allows(128));
}

TEST(ItemFilter, VisitsTheAllowedRowsInAscendingOrder) {
  std::vector<uint32_t> visited;
  ItemFilter::Only(130, {129, 0, 64, 63}).ForEachAllowed([&](uint32_t row) { visited.push_back(row); });
  EXPECT_EQ(visited, (std::vector<uint32_t>{0, 63, 64, 129}));
}

TEST(ItemFilter, ForbidUndoesAllow) {
  ItemFilter filter(70);
  filter.Forbid(69);
  EXPECT_FALSE(filter.Allows(69));
  filter.Allow(69);
  EXPECT_EQ(filter.CountAllowed(), 70u);
}

TEST(ItemFilter, IntersectKeepsWhatBothAllow) {
  ItemFilter filter = ItemFilter::Only(100, {1, 2, 99});
  filter.Intersect(ItemFilter::Only(100, {2, 3, 99}));
  EXPECT_EQ(filter.CountAllowed(), 2u);
  EXPECT_TRUE(filter.Allows(2) && filter.Allows(99));
}

}  // namespace
}  // namespace ridgeline
