#include "core/lab/cold_items.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/lab/cold_item_world.h"

namespace ridgeline {
namespace {

// User and item id to value.
using Pairs = std::map<std::pair<std::string, std::string>, float>;

Pairs PairsOf(const InteractionTable& table) {
  Pairs pairs;
  for (size_t i = 0; i < table.values.size(); ++i) {
    pairs[{std::string(table.users->Id(table.user_rows[i])),
           std::string(table.items->Id(table.item_rows[i]))}] = table.values[i];
  }
  return pairs;
}

Pairs PairsOf(const CsrMatrix& by_user, const ColdItems& cold) {
  Pairs pairs;
  for (uint32_t user = 0; user < by_user.rows; ++user) {
    for (size_t i = 0; i < by_user.RowColumns(user).size(); ++i) {
      pairs[{std::string(cold.train.users->Id(user)),
             std::string(cold.train.items->Id(by_user.RowColumns(user)[i]))}] = by_user.RowValues(user)[i];
    }
  }
  return pairs;
}

class HoldOutItemsTest : public testing::Test {
 protected:
  ColdItems HoldOut() const { return HoldOutItems(table_, Feedback::kImplicit, options_); }

  static std::set<std::string> ColdIds(const ColdItems& cold) {
    std::set<std::string> ids;
    for (const uint32_t item : cold.items) ids.insert(std::string(cold.train.items->Id(item)));
    return ids;
  }

  const InteractionTable table_ = ThreeKinds(100, 60, 3);
  ColdItemOptions options_;
};

TEST_F(HoldOutItemsTest, EveryInteractionIsInOnePartOrOfAUserOfWhomNothingIsKnown) {
  const ColdItems cold = HoldOut();
  const Pairs met = PairsOf(cold.met, cold), test = PairsOf(cold.test, cold);
  const Pairs warm_test = PairsOf(cold.warm_test, cold), train = PairsOf(cold.train.by_user, cold);
  const std::set<std::string> cold_ids = ColdIds(cold);
  for (const auto& [pair, value] : PairsOf(table_)) {
    const size_t parts = met.count(pair) + test.count(pair) + warm_test.count(pair);
    const auto trained = [&, &user = pair.first](const auto& entry) { return entry.first.first == user; };
    const bool known_user = std::any_of(train.begin(), train.end(), trained);
    EXPECT_EQ(parts, known_user ? 1u : 0u) << pair.first << " " << pair.second;
    EXPECT_EQ(train.count(pair) + warm_test.count(pair) > 0, known_user && cold_ids.count(pair.second) == 0);
    EXPECT_EQ(test.count(pair) > 0 ? test.at(pair) : value, value);
    EXPECT_EQ(met.count(pair) > 0 ? met.at(pair) : value, value);
  }
}

TEST_F(HoldOutItemsTest, WhatIsKnownOfAnItemIsAtMostHalfOfIt) {
  options_.known = 4;
  const ColdItems cold = HoldOut();
  ASSERT_EQ(cold.known.size(), cold.items.size());
  const CsrMatrix test_by_item = Transpose(cold.test), met_by_item = Transpose(cold.met);
  for (size_t index = 0; index < cold.items.size(); ++index) {
    const History& known = cold.known[index];
    const auto users = met_by_item.RowColumns(cold.items[index]);
    EXPECT_THAT(known.rows, testing::UnorderedElementsAreArray(users));
    const auto tested = static_cast<size_t>(test_by_item.RowEntries(cold.items[index]));
    EXPECT_EQ(known.size(), std::min<size_t>(4, (known.size() + tested) / 2));
  }
}

TEST_F(HoldOutItemsTest, HoldsOutAboutTheShare) {
  const ColdItems fifth = HoldOut();
  options_.share = 0.7;
  const ColdItems more = HoldOut();
  EXPECT_GT(fifth.items.size(), 4u);
  EXPECT_LT(fifth.items.size(), 22u);
  EXPECT_GT(more.items.size(), 30u);
  EXPECT_TRUE(std::is_sorted(more.items.begin(), more.items.end()));
}

TEST_F(HoldOutItemsTest, DependsOnTheSeedAlone) {
  const ColdItems one = HoldOut(), again = HoldOut();
  EXPECT_EQ(one.test.column_indices, again.test.column_indices);
  EXPECT_EQ(one.known[0].rows, again.known[0].rows);
  options_.seed = 2;
  EXPECT_NE(ColdIds(one), ColdIds(HoldOut()));
}

TEST_F(HoldOutItemsTest, TheOrderOfRowsIsNotThatOfAppearance) {
  const ColdItems cold = HoldOut();
  std::vector<std::string> before, after;
  for (uint32_t row = 0; row < table_.items->size(); ++row) {
    before.emplace_back(table_.items->Id(row));
    after.emplace_back(cold.train.items->Id(row));
  }
  EXPECT_NE(before, after);
  EXPECT_THAT(after, testing::UnorderedElementsAreArray(before));
}

}  // namespace
}  // namespace ridgeline
