#include "core/retrieval/query_answer.h"

#include <limits>

#include "gtest/gtest.h"
#include "tests/core/retrieval/scored_items.h"

namespace ridgeline {
namespace {

constexpr float kNoFloor = -std::numeric_limits<float>::infinity();

TEST(QueryAnswer, HoldsTheBestThatPassFilterMinimumAndPage) {
  ItemFilter filter(10);
  filter.Forbid(9);
  RetrievalQuery query;
  query.k = 3;
  query.filter = &filter;
  query.minimum_score = 3.0f;
  query.after = ScoredItem{7, 7.0f};
  QueryAnswer answer(&query, 10);
  for (uint32_t row = 0; row < 10; ++row) answer.Offer(row, static_cast<float>(row));
  EXPECT_EQ(Rows(answer.Take()), (std::vector<uint32_t>{6, 5, 4}));
}

TEST(QueryAnswer, TheFloorIsTheKthBestScoreOnceThereIsOne) {
  RetrievalQuery query;
  query.k = 2;
  QueryAnswer answer(&query, 10);
  EXPECT_EQ(answer.Floor(), kNoFloor);
  answer.Offer(0, 1.0f);
  EXPECT_EQ(answer.Floor(), kNoFloor);
  answer.Offer(1, 5.0f);
  EXPECT_EQ(answer.Floor(), 1.0f);
  answer.Offer(2, 3.0f);
  EXPECT_EQ(answer.Floor(), 3.0f);
}

TEST(QueryAnswer, TheFloorIsAtLeastTheMinimum) {
  RetrievalQuery query;
  query.minimum_score = 2.0f;
  QueryAnswer answer(&query, 10);
  EXPECT_EQ(answer.Floor(), 2.0f);
}

TEST(QueryAnswer, RanksByTheAdjustedScoreAndNotANumberLast) {
  ScoreAdjustment adjustment(3);
  adjustment.Apply(1, {10.0f, 0.0f});
  RetrievalQuery query;
  query.adjustment = &adjustment;
  QueryAnswer answer(&query, 3);
  answer.Offer(0, std::numeric_limits<float>::quiet_NaN());
  answer.Offer(1, 1.0f);
  answer.Offer(2, 5.0f);
  EXPECT_EQ(Rows(answer.Take()), (std::vector<uint32_t>{1, 2, 0}));
}

}  // namespace
}  // namespace ridgeline
