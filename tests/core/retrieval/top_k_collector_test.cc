#include "core/retrieval/top_k_collector.h"

#include <algorithm>
#include <tuple>

#include "core/base/random.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

std::vector<std::tuple<float, uint32_t>> Pairs(const std::vector<ScoredItem>& items) {
  std::vector<std::tuple<float, uint32_t>> pairs;
  for (const ScoredItem& item : items) pairs.emplace_back(item.score, item.row);
  return pairs;
}

TEST(TopKCollector, EqualsASortInWhateverOrderItemsCome) {
  Random random(1);
  for (size_t k : {1, 2, 10, 100, 999, 1000, 2000}) {
    TopKCollector collector(k, 1000);
    std::vector<ScoredItem> items;
    for (uint32_t row = 0; row < 1000; ++row) items.push_back({row, static_cast<float>(random.Below(50))});
    std::shuffle(items.begin(), items.end(), random);
    for (const ScoredItem& item : items) collector.Add(item);
    std::sort(items.begin(), items.end(), RanksBefore);
    items.resize(std::min<size_t>(k, items.size()));
    EXPECT_EQ(Pairs(collector.Take()), Pairs(items)) << k;
  }
}

TEST(TopKCollector, RaisesItsFloorOnceItHoldsMoreThanItNeeds) {
  TopKCollector collector(3, 1000);
  for (uint32_t row = 0; row < 500; ++row) collector.Add({row, static_cast<float>(row)});
  EXPECT_GT(collector.floor(), 400.0f);
}

TEST(TopKCollector, TightenedItsFloorIsTheKthBestScore) {
  TopKCollector collector(2, 10);
  collector.Add({0, 1.0f});
  collector.Tighten();
  EXPECT_EQ(collector.floor(), -std::numeric_limits<float>::infinity());
  collector.Add({1, 4.0f});
  collector.Tighten();
  EXPECT_EQ(collector.floor(), 1.0f);
  collector.Add({2, 3.0f});
  collector.Tighten();
  EXPECT_EQ(collector.floor(), 3.0f);
  EXPECT_EQ(Pairs(collector.Take()), Pairs({{1, 4.0f}, {2, 3.0f}}));
}

TEST(TopKCollector, KeepsInfiniteScores) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  TopKCollector collector(2, 3);
  collector.Add({0, -kInfinity});
  collector.Add({1, kInfinity});
  collector.Add({2, -kInfinity});
  EXPECT_EQ(Pairs(collector.Take()), Pairs({{1, kInfinity}, {0, -kInfinity}}));
}

}  // namespace
}  // namespace ridgeline
