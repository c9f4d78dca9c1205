#include "core/retrieval/item_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "core/retrieval/naive_scan.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/retrieval/scored_items.h"

namespace ridgeline {
namespace {

// A query with everything it may have, drawn at random, and the storage that it views.
class RandomQuery {
 public:
  RandomQuery(Random& random, uint32_t items, int factors, Numbers numbers)
      : vector_(RandomVector(random, static_cast<size_t>(factors), numbers)),
        filter_(items),
        adjustment_(items) {
    const uint64_t allowed_of_100[] = {1, 10, 50, 100};
    const uint64_t share = allowed_of_100[random.Below(4)];
    for (uint32_t row = 0; row < items; ++row) {
      if (random.Below(100) >= share) filter_.Forbid(row);
      if (random.Below(5) == 0) adjustment_.Apply(row, {static_cast<float>(random.Below(3)), 0.5f});
    }
    query_.vector = vector_;
    query_.constant = RandomNumber(random, numbers);
    query_.k = static_cast<int>(1 + random.Below(random.Below(2) == 0 ? 20 : items + 10));
    if (random.Below(3) != 0) query_.filter = &filter_;
    if (random.Below(2) == 0) query_.adjustment = &adjustment_;
    if (random.Below(3) == 0) query_.minimum_score = RandomNumber(random, numbers);
    if (random.Below(3) == 0)
      query_.after = {static_cast<uint32_t>(random.Below(items)), RandomNumber(random, numbers)};
  }

  RetrievalQuery& query() { return query_; }

  // Allows nothing that `wider` does not.
  void Limit(const ItemFilter& wider) {
    filter_.Intersect(wider);
    query_.filter = &filter_;
  }

 private:
  std::vector<float> vector_;
  ItemFilter filter_;
  ScoreAdjustment adjustment_;
  RetrievalQuery query_;
};

class ItemIndexProperty : public testing::TestWithParam<Numbers> {};

TEST_P(ItemIndexProperty, TopKEqualsTheNaiveScanToTheLastBit) {
  Random random(11);
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const auto items = static_cast<uint32_t>(1 + random.Below(seed % 10 == 0 ? 3'000 : 700));
    const auto factors = static_cast<int>(random.Below(40));
    const auto model = RandomModel(seed, 1, items, factors, GetParam());
    const ItemIndex index(model);
    for (int i = 0; i < 20; ++i) {
      RandomQuery query(random, items, factors, GetParam());
      ASSERT_EQ(Bits(index.TopK(query.query())), Bits(NaiveTopK(*model, query.query())))
          << "seed " << seed << ", query " << i;
    }
  }
}

TEST_P(ItemIndexProperty, AmongTheRowsOfAWiderFilterAnswersTheSame) {
  Random random(14);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto model = RandomModel(seed, 1, 5'000, 9, GetParam());
    const ItemIndex index(model);
    ItemFilter wider = ItemFilter::Only(5'000, {});
    for (int i = 0; i < 150; ++i) wider.Allow(static_cast<uint32_t>(random.Below(5'000)));
    const QuantizedMatrix among = index.IndexOf(wider).value();
    EXPECT_EQ(among.rows(), wider.CountAllowed());
    std::vector<std::unique_ptr<RandomQuery>> queries;
    std::vector<RetrievalQuery> asked;
    for (int i = 0; i < 30; ++i) {
      queries.push_back(std::make_unique<RandomQuery>(random, 5'000, 9, GetParam()));
      queries.back()->Limit(wider);
      asked.push_back(queries.back()->query());
      if (i % 3 != 0) asked.back().among = &among;
      if (i % 2 != 0) asked.back().k = 5;  // so few that they are found by codes
    }
    const auto answers = index.TopKOfEach(asked);
    for (size_t i = 0; i < asked.size(); ++i) {
      ASSERT_EQ(Bits(answers[i]), Bits(NaiveTopK(*model, asked[i]))) << "seed " << seed << ", query " << i;
    }
  }
}

TEST_P(ItemIndexProperty, PagesNeitherRepeatNorSkip) {
  Random random(12);
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const auto model = RandomModel(seed, 1, 300, 5, GetParam());
    const ItemIndex index(model);
    RandomQuery query(random, 300, 5, GetParam());
    query.query().after.reset();
    query.query().k = 300;
    const std::vector<ScoredItem> whole = index.TopK(query.query());
    std::vector<ScoredItem> pages;
    for (;;) {
      query.query().k = static_cast<int>(1 + random.Below(30));
      const std::vector<ScoredItem> page = index.TopK(query.query());
      if (page.empty()) break;
      pages.insert(pages.end(), page.begin(), page.end());
      query.query().after = page.back();
    }
    EXPECT_EQ(Bits(pages), Bits(whole)) << "seed " << seed;
  }
}

TEST_P(ItemIndexProperty, ScoreIsWhatTopKAnswers) {
  Random random(13);
  const auto model = RandomModel(1, 1, 200, 17, GetParam());
  const ItemIndex index(model);
  RetrievalQuery query;
  const std::vector<float> vector = RandomVector(random, 17, GetParam());
  query.vector = vector;
  query.constant = 0.25f;
  query.k = 200;
  for (const ScoredItem& item : index.TopK(query)) {
    EXPECT_EQ(item.score, Rankable(index.Score(vector, 0.25f, item.row)));
  }
}

INSTANTIATE_TEST_SUITE_P(AllNumbers, ItemIndexProperty,
                         testing::Values(Numbers::kNormal, Numbers::kCoarse, Numbers::kExtreme));

TEST(ItemIndex, AnswersExactlyKWhenKAreAllowed) {
  const ItemIndex index(RandomModel(1, 1, 1'000, 8, Numbers::kNormal));
  const std::vector<float> vector(8, 1.0f);
  ItemFilter filter(1'000);
  for (uint32_t row = 0; row < 990; ++row) filter.Forbid(row);
  RetrievalQuery query;
  query.vector = vector;
  query.filter = &filter;
  EXPECT_EQ(index.TopK(query).size(), 10u);
  query.k = 11;
  EXPECT_EQ(index.TopK(query).size(), 10u);
}

TEST(ItemIndex, HasNoIndexOfAFilterThatAllowsMany) {
  const ItemIndex index(RandomModel(1, 1, 1'000, 8, Numbers::kNormal));
  EXPECT_FALSE(index.IndexOf(ItemFilter(1'000)).has_value());
  EXPECT_EQ(index.IndexOf(ItemFilter::Only(1'000, {}))->rows(), 0u);
}

TEST(ItemIndex, RanksAModelWithoutFactorsByItsBiases) {
  const auto model = RandomModel(1, 1, 100, 0, Numbers::kNormal);
  const ItemIndex index(model);
  RetrievalQuery query;
  query.k = 1;
  const auto& biases = model->items().biases;
  const auto best = static_cast<uint32_t>(std::max_element(biases.begin(), biases.end()) - biases.begin());
  EXPECT_EQ(index.TopK(query).front().row, best);
}

TEST(ItemIndex, SurvivesScoresThatOverflow) {
  const auto model = RandomModel(1, 1, 2'000, 16, Numbers::kExtreme);
  const std::vector<float> vector(16, std::numeric_limits<float>::max());
  RetrievalQuery query;
  query.vector = vector;
  query.k = 50;
  EXPECT_EQ(Bits(ItemIndex(model).TopK(query)), Bits(NaiveTopK(*model, query)));
}

// Two blocks of equal rows, the longer ones first and worse: the bar for the second overflows, its scores do
// not.
TEST(ItemIndex, ABoundThatOverflowsRulesNothingOut) {
  constexpr int kFactors = 16;
  constexpr size_t kItems = 128;
  FactorModelParts parts = RandomModelParts(1, 1, kItems, kFactors, Numbers::kNormal);
  std::fill(parts.items.biases.begin(), parts.items.biases.end(), 0.0f);
  std::fill(parts.items.values.begin(), parts.items.values.end(), 0.0f);
  for (size_t row = 0; row < kItems; ++row) {
    float* values = &parts.items.values[row * kFactors];
    values[0] = -2.1f;
    if (row < kItems / 2) values[1] = -2.1f;
  }
  const auto model = FactorModel::Create(std::move(parts)).value();
  const std::vector<float> vector(kFactors, 1e37f);
  RetrievalQuery query;
  query.vector = vector;
  query.k = 1;
  EXPECT_EQ(Bits(ItemIndex(model).TopK(query)), Bits(NaiveTopK(*model, query)));
}

TEST(ItemIndex, MostPopularRanksByPopularity) {
  const auto model = RandomModel(1, 1, 500, 4, Numbers::kNormal);
  RetrievalQuery query;
  query.k = 500;
  const std::vector<ScoredItem> items = ItemIndex(model).MostPopular(query);
  ASSERT_EQ(items.size(), 500u);
  EXPECT_TRUE(std::is_sorted(items.begin(), items.end(), RanksBefore));
  for (const ScoredItem& item : items) EXPECT_EQ(item.score, model->item_popularity()[item.row]);
}

}  // namespace
}  // namespace ridgeline
