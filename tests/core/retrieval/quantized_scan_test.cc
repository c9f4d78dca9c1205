#include "core/retrieval/quantized_scan.h"

#include <algorithm>
#include <deque>

#include "core/kernels/kernels.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/dot_scorer.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/retrieval/scored_items.h"

namespace ridgeline {
namespace {

// Queries over one matrix and what they view.
class Queries {
 public:
  Queries(const FactorMatrix* matrix, Random& random, Numbers numbers)
      : matrix_(matrix), random_(random), numbers_(numbers) {}

  RetrievalQuery& Add() {
    vectors_.push_back(RandomVector(random_, static_cast<size_t>(matrix_->factors), numbers_));
    RetrievalQuery& query = queries_.emplace_back();
    query.vector = vectors_.back();
    query.constant = RandomNumber(random_, numbers_);
    scorers_.emplace_back(matrix_, &query);
    scans_.push_back({&query, &scorers_.back()});
    return query;
  }

  const std::vector<ScanQuery>& scans() const { return scans_; }

 private:
  const FactorMatrix* matrix_;
  Random& random_;
  const Numbers numbers_;
  std::deque<std::vector<float>> vectors_;
  std::deque<RetrievalQuery> queries_;
  std::deque<DotScorer> scorers_;
  std::vector<ScanQuery> scans_;
};

void ExpectPlainAnswers(const QuantizedMatrix& quantized, const Queries& queries) {
  const auto answers = ScanQuantized(quantized, ScanScore::kDotProduct, queries.scans(), nullptr);
  ASSERT_EQ(answers.size(), queries.scans().size());
  for (size_t i = 0; i < answers.size(); ++i) {
    const ScanQuery& scan = queries.scans()[i];
    EXPECT_EQ(Bits(answers[i]), Bits(ScanTopK(*scan.scorer, quantized.rows(), *scan.query))) << i;
  }
}

class ScanQuantizedProperty : public testing::TestWithParam<Numbers> {};

TEST_P(ScanQuantizedProperty, AnswersAsThePlainScanToTheLastBit) {
  Random random(21);
  for (const int factors : {1, 4, 15, 16, 33, 64, 130}) {
    const auto rows = static_cast<uint32_t>(1'000 + random.Below(3'000));
    const FactorMatrix matrix = RandomMatrix(random, rows, factors, GetParam());
    const QuantizedMatrix quantized(matrix, 1.0f, nullptr);
    for (const int count : {1, 3, 16, 37}) {
      Queries queries(&matrix, random, GetParam());
      for (int i = 0; i < count; ++i) queries.Add().k = static_cast<int>(1 + random.Below(60));
      ExpectPlainAnswers(quantized, queries);
    }
  }
}

TEST_P(ScanQuantizedProperty, SharesAPassWhateverEachQueryAllowsAndAdjusts) {
  Random random(22);
  const FactorMatrix matrix = RandomMatrix(random, 2'000, 12, GetParam());
  const QuantizedMatrix quantized(matrix, 1.0f, nullptr);
  std::deque<ItemFilter> filters;
  std::deque<ScoreAdjustment> adjustments;
  Queries queries(&matrix, random, GetParam());
  for (int i = 0; i < 60; ++i) {
    RetrievalQuery& query = queries.Add();
    query.k = static_cast<int>(1 + random.Below(20));
    query.filter = &filters.emplace_back(2'000);
    query.adjustment = &adjustments.emplace_back(2'000);
    const uint64_t forbidden = random.Below(100), changed = random.Below(40);
    for (uint32_t row = 0; row < 2'000; ++row) {
      if (random.Below(100) < forbidden) filters.back().Forbid(row);
      if (random.Below(100) < changed)
        adjustments.back().Apply(row, {2.0f, RandomNumber(random, GetParam())});
    }
    if (i % 3 == 0) query.minimum_score = RandomNumber(random, GetParam());
    if (i % 5 == 0)
      query.after = {static_cast<uint32_t>(random.Below(2'000)), RandomNumber(random, GetParam())};
  }
  ExpectPlainAnswers(quantized, queries);
}

INSTANTIATE_TEST_SUITE_P(AllNumbers, ScanQuantizedProperty,
                         testing::Values(Numbers::kNormal, Numbers::kCoarse, Numbers::kExtreme));

TEST(ScanQuantized, RowsOfOneScoreGoByTheirNumbers) {
  FactorMatrix matrix;
  matrix.factors = 4;
  matrix.values.assign(4 * 1'000, 0.5f);
  matrix.biases.assign(1'000, 0.0f);
  Random random(1);
  Queries queries(&matrix, random, Numbers::kNormal);
  queries.Add().k = 5;
  const auto answers =
      ScanQuantized(QuantizedMatrix(matrix, 1.0f, nullptr), ScanScore::kDotProduct, queries.scans(), nullptr);
  for (uint32_t i = 0; i < 5; ++i) EXPECT_EQ(answers[0][i].row, i);
}

TEST(ScanQuantized, RescoresFewRowsAndLooksIntoFewBlocksWhereNormsDiffer) {
  Random random(23);
  FactorMatrix matrix = RandomMatrix(random, 50'000, 32, Numbers::kNormal);
  std::fill(matrix.biases.begin(), matrix.biases.end(), 0.0f);
  for (uint32_t row = 1'000; row < 50'000; ++row) {
    for (int d = 0; d < 32; ++d) matrix.values[row * 32 + static_cast<uint32_t>(d)] *= 0.1f;
  }
  Queries queries(&matrix, random, Numbers::kNormal);
  queries.Add();
  ScanStatistics statistics;
  ScanQuantized(QuantizedMatrix(matrix, 1.0f, nullptr), ScanScore::kDotProduct, queries.scans(), &statistics);
  EXPECT_EQ(statistics.queries, 1);
  EXPECT_EQ(statistics.rows, 50'000);
  EXPECT_LT(statistics.scanned, 5'000);
  EXPECT_LT(statistics.rescored, 500);
  EXPECT_GE(statistics.rescored, 10);
}

TEST(ScanQuantized, AnswersNothingToNoQueriesAndOfNoRows) {
  FactorMatrix matrix;
  matrix.factors = 3;
  const QuantizedMatrix quantized(matrix, 1.0f, nullptr);
  EXPECT_TRUE(ScanQuantized(quantized, ScanScore::kDotProduct, {}, nullptr).empty());
  Random random(1);
  Queries queries(&matrix, random, Numbers::kNormal);
  queries.Add();
  EXPECT_TRUE(ScanQuantized(quantized, ScanScore::kDotProduct, queries.scans(), nullptr).front().empty());
}

}  // namespace
}  // namespace ridgeline
