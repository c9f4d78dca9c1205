#include "core/retrieval/popularity_index.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/base/random.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/retrieval/scored_items.h"

namespace ridgeline {
namespace {

// Every item scored, sorted and cut off.
std::vector<ScoredItem> NaiveMostPopular(absl::Span<const float> popularity, const RetrievalQuery& query) {
  std::vector<ScoredItem> items;
  for (uint32_t row = 0; row < popularity.size(); ++row) {
    if (query.filter != nullptr && !query.filter->Allows(row)) continue;
    float score = popularity[row];
    if (query.adjustment != nullptr) score = query.adjustment->Adjust(row, score);
    const ScoredItem item{row, Rankable(score)};
    if (query.minimum_score.has_value() && item.score < *query.minimum_score) continue;
    if (!query.after.has_value() || RanksBefore(*query.after, item)) items.push_back(item);
  }
  std::sort(items.begin(), items.end(), RanksBefore);
  items.resize(std::min(items.size(), static_cast<size_t>(query.k)));
  return items;
}

class PopularityIndexProperty : public testing::TestWithParam<Numbers> {};

TEST_P(PopularityIndexProperty, EqualsTheNaiveAnswerToTheLastBitHoweverManyItemsAreListed) {
  Random random(41);
  for (int round = 0; round < 300; ++round) {
    const auto items = static_cast<uint32_t>(1 + random.Below(400));
    const std::vector<float> popularity = RandomVector(random, items, GetParam());
    const PopularityIndex index(popularity, random.Below(2 * items));
    ItemFilter filter(items);
    ScoreAdjustment adjustment(items);
    const uint64_t forbidden_of_100 = random.Below(101);
    for (uint32_t row = 0; row < items; ++row) {
      if (random.Below(100) < forbidden_of_100) filter.Forbid(row);
      if (random.Below(10) == 0) adjustment.Apply(row, {static_cast<float>(random.Below(3)), 0.5f});
    }
    RetrievalQuery query;
    query.k = static_cast<int>(1 + random.Below(random.Below(2) == 0 ? 10 : items + 10));
    if (random.Below(3) != 0) query.filter = &filter;
    if (random.Below(2) == 0) query.adjustment = &adjustment;
    if (random.Below(3) == 0) query.minimum_score = RandomNumber(random, GetParam());
    if (random.Below(3) == 0)
      query.after = {static_cast<uint32_t>(random.Below(items)), RandomNumber(random, GetParam())};
    ASSERT_EQ(Bits(index.TopK(query)), Bits(NaiveMostPopular(popularity, query))) << "round " << round;
  }
}

INSTANTIATE_TEST_SUITE_P(AllNumbers, PopularityIndexProperty,
                         testing::Values(Numbers::kNormal, Numbers::kCoarse, Numbers::kExtreme));

TEST(PopularityIndex, RanksWhatIsNotANumberLast) {
  const std::vector<float> popularity = {std::numeric_limits<float>::quiet_NaN(), 1.0f, 2.0f};
  RetrievalQuery query;
  query.k = 3;
  EXPECT_EQ(Rows(PopularityIndex(popularity).TopK(query)), (std::vector<uint32_t>{2, 1, 0}));
}

TEST(PopularityIndex, OfNoItemsAnswersNothing) {
  EXPECT_TRUE(PopularityIndex({}).TopK({}).empty());
}

}  // namespace
}  // namespace ridgeline
