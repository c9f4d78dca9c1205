#include "core/baselines/strata.h"

#include <atomic>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using Visit = std::pair<uint32_t, uint32_t>;

TEST(Strata, HoldEveryPairInExactlyOneBlock) {
  const Dataset dataset = RandomDataset(Feedback::kExplicit, 80, 60, 0.3, 1);
  Arena arena(2);
  const Strata strata(dataset.by_user, 7, arena);
  std::map<Visit, float> pairs;
  for (uint32_t users = 0; users < Strata::kCount; ++users) {
    for (uint32_t items = 0; items < Strata::kCount; ++items) {
      for (const RatedPair& pair : strata.Block(users, items)) {
        EXPECT_TRUE(pairs.emplace(Visit(pair.user, pair.item), pair.value).second);
      }
    }
  }
  EXPECT_EQ(static_cast<int64_t>(pairs.size()), dataset.by_user.entries());
  for (uint32_t user = 0; user < 80; ++user) {
    const auto columns = dataset.by_user.RowColumns(user);
    for (size_t at = 0; at < columns.size(); ++at) {
      EXPECT_EQ(pairs.at(Visit(user, columns[at])), dataset.by_user.RowValues(user)[at]);
    }
  }
}

TEST(Strata, ShareNoUserAndNoItemBetweenBlocksOfARound) {
  const Dataset dataset = RandomDataset(Feedback::kExplicit, 80, 60, 0.5, 1);
  Arena arena(1);
  const Strata strata(dataset.by_user, 7, arena);
  std::vector<Visit> order;
  strata.ForEachBlock(arena, [&](uint32_t users, uint32_t items) { order.emplace_back(users, items); });
  ASSERT_EQ(order.size(), size_t{Strata::kCount} * Strata::kCount);
  EXPECT_EQ(std::set<Visit>(order.begin(), order.end()).size(), order.size());
  for (size_t round = 0; round < order.size(); round += Strata::kCount) {
    std::set<uint32_t> users, items;
    for (size_t at = round; at < round + Strata::kCount; ++at) {
      for (const RatedPair& pair : strata.Block(order[at].first, order[at].second)) {
        users.insert(pair.user * Strata::kCount + order[at].first);
        items.insert(pair.item * Strata::kCount + order[at].second);
      }
    }
    std::set<uint32_t> distinct_users, distinct_items;
    for (const uint32_t user : users) distinct_users.insert(user / Strata::kCount);
    for (const uint32_t item : items) distinct_items.insert(item / Strata::kCount);
    EXPECT_EQ(users.size(), distinct_users.size()) << "a user in two blocks of a round";
    EXPECT_EQ(items.size(), distinct_items.size()) << "an item in two blocks of a round";
  }
}

TEST(Strata, AreTheSameForTheSameSeedAtAnyNumberOfThreads) {
  const Dataset dataset = RandomDataset(Feedback::kExplicit, 50, 40, 0.5, 1);
  Arena one(1), three(3);
  const Strata a(dataset.by_user, 3, one), b(dataset.by_user, 3, three), c(dataset.by_user, 4, one);
  bool same_as_other_seed = true;
  for (uint32_t block = 0; block < Strata::kCount; ++block) {
    ASSERT_EQ(a.Block(block, 0).size(), b.Block(block, 0).size());
    for (size_t at = 0; at < a.Block(block, 0).size(); ++at) {
      EXPECT_EQ(a.Block(block, 0)[at].user, b.Block(block, 0)[at].user);
      EXPECT_EQ(a.Block(block, 0)[at].item, b.Block(block, 0)[at].item);
    }
    same_as_other_seed = same_as_other_seed && a.Items(block).size() == c.Items(block).size();
  }
  EXPECT_FALSE(same_as_other_seed);
}

}  // namespace
}  // namespace ridgeline
