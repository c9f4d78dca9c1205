#include "core/serving/item_selection.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;

constexpr uint32_t kItems = 50;

class ItemSelectionTest : public testing::Test {
 protected:
  // Item i has tags "even" or "odd", "three" where 3 divides i, and is unavailable where 7 does; i40 ... i49
  // are not in the catalogue.
  ItemSelectionTest() {
    for (int i = 0; i < 40; ++i) {
      std::vector<std::string> tags = {i % 2 == 0 ? "even" : "odd"};
      if (i % 3 == 0) tags.push_back("three");
      catalog_.Put(absl::StrCat("i", i), "", tags, i % 7 != 0);
    }
    snapshot_ = ServingSnapshot::Create(MakeStoredModel({}), catalog_);
  }

  std::set<uint32_t> Select(const ItemSelection& selection) {
    ItemLookup lookup(&snapshot_->model().item_ids());
    const ItemFilter filter = SelectItems(selection, *snapshot_, catalog_, lookup).value().filter;
    std::set<uint32_t> rows;
    for (uint32_t row = 0; row < kItems; ++row) {
      if (filter.Allows(row)) rows.insert(row);
    }
    return rows;
  }

  template <typename Predicate>
  static std::set<uint32_t> RowsWhere(const Predicate& predicate) {
    std::set<uint32_t> rows;
    for (uint32_t row = 0; row < kItems; ++row) {
      if (predicate(row)) rows.insert(row);
    }
    return rows;
  }

  static bool Available(uint32_t row) { return row >= 40 || row % 7 != 0; }

  FakeCatalog catalog_;
  std::shared_ptr<const ServingSnapshot> snapshot_;
};

TEST_F(ItemSelectionTest, LetsEveryAvailableItemThroughByDefault) {
  EXPECT_EQ(Select({}), RowsWhere(Available));
}

TEST_F(ItemSelectionTest, SeesMetadataThatCameAfterTheSnapshot) {
  catalog_.Put("i45", "", {"late"}, true);
  catalog_.Put("i46", "", {"late"}, false);
  ItemSelection late;
  late.tags.any = {"late"};
  EXPECT_EQ(Select(late), std::set<uint32_t>{45});
  EXPECT_EQ(Select({}), RowsWhere([](uint32_t row) { return Available(row) && row != 46; }));
}

TEST_F(ItemSelectionTest, LetsUnavailableItemsThroughWhenAsked) {
  ItemSelection selection;
  selection.include_unavailable = true;
  EXPECT_EQ(Select(selection).size(), kItems);
}

TEST_F(ItemSelectionTest, CandidatesLimitAndExclusionsTakeAway) {
  ItemSelection selection;
  selection.candidate_item_ids = {"i1", "i2", "i3", "i7", "i45"};
  selection.exclude_item_ids = {"i2", "i9"};
  EXPECT_THAT(Select(selection), ElementsAre(1, 3, 45));
}

TEST_F(ItemSelectionTest, CandidatesAreStillHeldToTheTags) {
  ItemSelection selection;
  selection.candidate_item_ids = {"i1", "i2", "i3", "i7"};
  selection.tags.all = {"odd"};
  EXPECT_THAT(Select(selection), ElementsAre(1, 3));
}

TEST_F(ItemSelectionTest, UnknownCandidatesAloneAllowNothing) {
  ItemSelection selection;
  selection.candidate_item_ids = {"unknown"};
  EXPECT_TRUE(Select(selection).empty());
}

TEST_F(ItemSelectionTest, TagConditionsAllHold) {
  ItemSelection selection;
  selection.tags.any = {"even", "three"};
  EXPECT_EQ(Select(selection), RowsWhere([](uint32_t row) {
              return row < 40 && Available(row) && (row % 2 == 0 || row % 3 == 0);
            }));
  selection.tags.all = {"odd", "three"};
  EXPECT_EQ(Select(selection), RowsWhere([](uint32_t row) {
              return row < 40 && Available(row) && row % 2 == 1 && row % 3 == 0;
            }));
}

TEST_F(ItemSelectionTest, ItemsWithoutMetadataPassAConditionOnAbsentTags) {
  ItemSelection selection;
  selection.tags.none = {"even", "three"};
  EXPECT_EQ(Select(selection), RowsWhere([](uint32_t row) {
              return row >= 40 || (Available(row) && row % 2 == 1 && row % 3 != 0);
            }));
}

TEST_F(ItemSelectionTest, SeesCatalogueChangesWithoutANewSnapshot) {
  catalog_.Put("i1", "", {"new tag"}, true);
  catalog_.Put("i2", "", {"new tag"}, false);
  ItemSelection selection;
  selection.tags.all = {"new tag"};
  EXPECT_THAT(Select(selection), ElementsAre(1));
}

TEST_F(ItemSelectionTest, ForbidsEverythingSeen) {
  UserState state;
  state.history.rows = {1, 2};
  state.unweighed_rows = {3};
  ItemFilter filter(kItems);
  ForbidSeen(state, filter);
  EXPECT_EQ(filter.CountAllowed(), kItems - 3);
}

TEST_F(ItemSelectionTest, BoostsMultiplyBeforeTheyAddWhateverTheirOrder) {
  ItemLookup lookup(&snapshot_->model().item_ids());
  const std::vector<Boost> boosts = {{"even", "", 1.0f, 10.0f},
                                     {"three", "", 2.0f, 0.0f},
                                     {"", "i6", 3.0f, 0.0f},
                                     {"", "unknown", 0.0f, 0.0f}};
  const auto adjustment = AdjustScores(boosts, *snapshot_, catalog_, lookup).value();
  EXPECT_EQ(adjustment->Adjust(6, 1.0f), 16.0f);
  EXPECT_EQ(adjustment->Adjust(3, 1.0f), 2.0f);
  EXPECT_EQ(adjustment->Adjust(2, 1.0f), 11.0f);
  EXPECT_EQ(adjustment->Adjust(1, 1.0f), 1.0f);
  EXPECT_THAT(lookup.TakeUnknown(), ElementsAre("unknown"));
}

TEST_F(ItemSelectionTest, NoBoostsAreNoAdjustment) {
  ItemLookup lookup(&snapshot_->model().item_ids());
  EXPECT_FALSE(AdjustScores({}, *snapshot_, catalog_, lookup).value().has_value());
}

}  // namespace
}  // namespace ridgeline
