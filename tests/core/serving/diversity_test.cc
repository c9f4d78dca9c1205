#include "core/serving/diversity.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"

namespace ridgeline {
namespace {

double Cosine(absl::Span<const float> a, absl::Span<const float> b) {
  double dot = 0.0;
  double norms[2] = {0.0, 0.0};
  for (size_t f = 0; f < a.size(); ++f) {
    dot += double{a[f]} * b[f];
    norms[0] += double{a[f]} * a[f];
    norms[1] += double{b[f]} * b[f];
  }
  const double length = std::sqrt(norms[0] * norms[1]);
  return length > 0.0 ? dot / length : 0.0;
}

// Maximal marginal relevance as its definition reads.
std::vector<uint32_t> NaiveDiversify(const FactorMatrix& items, std::vector<ScoredItem> left, size_t k,
                                     double diversity) {
  const double lowest = left.back().score;
  const double range = left.front().score - lowest;
  std::vector<uint32_t> chosen;
  while (chosen.size() < k && !left.empty()) {
    size_t best = 0;
    double best_value = -1e9;
    for (size_t i = 0; i < left.size(); ++i) {
      double nearest = chosen.empty() ? 0.0 : -1.0;
      for (uint32_t row : chosen) nearest = std::max(nearest, Cosine(items.Row(row), items.Row(left[i].row)));
      const double value = (1.0 - diversity) * (left[i].score - lowest) / range - diversity * nearest;
      if (value > best_value) {
        best = i;
        best_value = value;
      }
    }
    chosen.push_back(left[best].row);
    left.erase(left.begin() + static_cast<ptrdiff_t>(best));
  }
  return chosen;
}

std::vector<ScoredItem> RandomCandidates(Random& random, size_t count) {
  std::vector<ScoredItem> candidates;
  for (uint32_t row = 0; row < count; ++row) candidates.push_back({row, static_cast<float>(random.Normal())});
  std::sort(candidates.begin(), candidates.end(), RanksBefore);
  return candidates;
}

std::vector<uint32_t> Rows(const std::vector<ScoredItem>& items) {
  std::vector<uint32_t> rows;
  for (const ScoredItem& item : items) rows.push_back(item.row);
  return rows;
}

TEST(Diversify, EqualsTheDefinition) {
  Random random(8);
  for (float diversity : {0.1f, 0.5f, 0.9f, 1.0f}) {
    const FactorMatrix items = RandomMatrix(random, 80, 6, Numbers::kNormal);
    const std::vector<ScoredItem> candidates = RandomCandidates(random, 80);
    EXPECT_EQ(Rows(Diversify(items, candidates, 20, diversity)),
              NaiveDiversify(items, candidates, 20, diversity));
  }
}

TEST(Diversify, PrefersAnUnlikeItemToACopy) {
  FactorMatrix items;
  items.factors = 2;
  items.values = {1.0f, 0.0f, 1.0f, 0.0f, 0.0f, 1.0f, 1.0f, 0.1f};
  items.biases = std::vector<float>(4, 0.0f);
  const std::vector<ScoredItem> candidates = {{0, 4.0f}, {1, 3.9f}, {2, 3.5f}, {3, 1.0f}};
  EXPECT_EQ(Rows(Diversify(items, candidates, 2, 0.5f)), (std::vector<uint32_t>{0, 2}));
}

TEST(Diversify, TakesAllWhenThereAreNoMoreThanK) {
  Random random(9);
  const FactorMatrix items = RandomMatrix(random, 5, 3, Numbers::kNormal);
  EXPECT_EQ(Diversify(items, RandomCandidates(random, 5), 10, 0.7f).size(), 5u);
  EXPECT_TRUE(Diversify(items, {}, 10, 0.7f).empty());
}

TEST(Diversify, KeepsTheRankOrderOfItemsWithoutFactors) {
  Random random(9);
  const FactorMatrix items = RandomMatrix(random, 30, 0, Numbers::kNormal);
  const std::vector<ScoredItem> candidates = RandomCandidates(random, 30);
  std::vector<uint32_t> expected = Rows(candidates);
  expected.resize(10);
  EXPECT_EQ(Rows(Diversify(items, candidates, 10, 0.5f)), expected);
}

TEST(Relevances, AreOneWhereScoresDoNotTell) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(Relevances({{0, 2.0f}, {1, 2.0f}}), (std::vector<float>{1.0f, 1.0f}));
  EXPECT_EQ(Relevances({{0, kInfinity}, {1, 2.0f}}), (std::vector<float>{1.0f, 1.0f}));
  EXPECT_EQ(Relevances({{0, 4.0f}, {1, 3.0f}, {2, 2.0f}}), (std::vector<float>{1.0f, 0.5f, 0.0f}));
}

TEST(DiversityPool, IsLargeForSmallKToo) {
  EXPECT_EQ(DiversityPool(1), 100u);
  EXPECT_EQ(DiversityPool(50), 500u);
}

}  // namespace
}  // namespace ridgeline
