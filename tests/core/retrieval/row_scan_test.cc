#include "core/retrieval/row_scan.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "gtest/gtest.h"
#include "tests/core/retrieval/scored_items.h"

namespace ridgeline {
namespace {

// The row itself is its score; counts how many were asked for.
class RowNumberScorer final : public RowScorer {
 public:
  void ScoreRows(uint32_t first, uint32_t count, float* scores) const override {
    scored_ += count;
    for (uint32_t i = 0; i < count; ++i) scores[i] = static_cast<float>(first + i);
  }

  int64_t scored() const { return scored_; }

 private:
  mutable int64_t scored_ = 0;
};

// Every score is the same number.
class ConstantScorer final : public RowScorer {
 public:
  explicit ConstantScorer(float score) : score_(score) {}

  void ScoreRows(uint32_t /*first*/, uint32_t count, float* scores) const override {
    std::fill_n(scores, count, score_);
  }

 private:
  const float score_;
};

TEST(ScanTopK, TouchesOnlyAllowedRowsOfASelectiveFilter) {
  const RowNumberScorer scorer;
  const ItemFilter filter = ItemFilter::Only(10'000, {7, 700, 9'999});
  RetrievalQuery query;
  query.filter = &filter;
  EXPECT_EQ(Rows(ScanTopK(scorer, 10'000, query)), (std::vector<uint32_t>{9'999, 700, 7}));
  EXPECT_EQ(scorer.scored(), 3);
}

TEST(ScanTopK, SkipsBlocksThatAreForbiddenWhole) {
  const RowNumberScorer scorer;
  ItemFilter filter(10'240);
  for (uint32_t row = 0; row < 5'120; ++row) filter.Forbid(row);
  RetrievalQuery query;
  query.filter = &filter;
  query.k = 1;
  EXPECT_EQ(Rows(ScanTopK(scorer, 10'240, query)), std::vector<uint32_t>{10'239});
  EXPECT_EQ(scorer.scored(), 5'120);
}

TEST(ScanTopK, TiesGoToTheLowerRow) {
  RetrievalQuery query;
  query.k = 3;
  EXPECT_EQ(Rows(ScanTopK(ConstantScorer(1.0f), 5'000, query)), (std::vector<uint32_t>{0, 1, 2}));
}

TEST(ScanTopK, StillAnswersKItemsWhenScoresAreNotNumbers) {
  RetrievalQuery query;
  query.k = 3;
  const ConstantScorer scorer(std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(Rows(ScanTopK(scorer, 5'000, query)), (std::vector<uint32_t>{0, 1, 2}));
}

TEST(ScanTopK, AnswersNothingWithoutRows) {
  EXPECT_TRUE(ScanTopK(ConstantScorer(1.0f), 0, RetrievalQuery()).empty());
}

}  // namespace
}  // namespace ridgeline
