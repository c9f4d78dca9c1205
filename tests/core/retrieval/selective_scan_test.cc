#include "core/retrieval/selective_scan.h"

#include <algorithm>
#include <vector>

#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/dot_scorer.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/retrieval/scored_items.h"

namespace ridgeline {
namespace {

constexpr uint32_t kSelectedOf = 5'000;

// About one row in `one_in`.
ItemFilter SomeRows(Random& random, uint32_t rows, uint64_t one_in) {
  std::vector<uint32_t> allowed;
  for (uint32_t row = 0; row < rows; ++row) {
    if (random.Below(one_in) == 0) allowed.push_back(row);
  }
  return ItemFilter::Only(rows, allowed);
}

class ScanSelectedProperty : public testing::TestWithParam<Numbers> {};

TEST_P(ScanSelectedProperty, AnswersAsThePlainScanToTheLastBit) {
  Random random(31);
  for (const int factors : {1, 5, 16, 64}) {
    const FactorMatrix matrix = RandomMatrix(random, kSelectedOf, factors, GetParam());
    const QuantizedMatrix quantized(matrix, 1.0f, nullptr);
    for (const uint64_t one_in : {1u, 30u, 100u, 4'000u}) {
      const ItemFilter filter = SomeRows(random, kSelectedOf, one_in);
      const std::vector<float> vector = RandomVector(random, static_cast<size_t>(factors), GetParam());
      RetrievalQuery query;
      query.vector = vector;
      query.constant = RandomNumber(random, GetParam());
      query.k = static_cast<int>(1 + random.Below(40));
      query.filter = &filter;
      if (one_in == 30) query.minimum_score = RandomNumber(random, GetParam());
      const DotScorer scorer(&matrix, &query);
      ScanStatistics statistics;
      const auto selected = ScanSelected(quantized, ScanScore::kDotProduct, {&query, &scorer}, statistics);
      EXPECT_EQ(Bits(selected), Bits(ScanTopK(scorer, kSelectedOf, query))) << factors << ", 1 in " << one_in;
      EXPECT_LE(statistics.rescored, filter.CountAllowed());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllNumbers, ScanSelectedProperty,
                         testing::Values(Numbers::kNormal, Numbers::kCoarse, Numbers::kExtreme));

TEST(ScanSelected, LooksAtFewOfTheAllowedRowsWhereNormsDiffer) {
  Random random(32);
  FactorMatrix matrix = RandomMatrix(random, kSelectedOf, 16, Numbers::kNormal);
  std::fill(matrix.biases.begin(), matrix.biases.end(), 0.0f);
  for (uint32_t row = 0; row < kSelectedOf; ++row) {
    const float length = 10.0f / static_cast<float>(1 + row % 100);
    for (int f = 0; f < 16; ++f) matrix.values[size_t{row} * 16 + static_cast<size_t>(f)] *= length;
  }
  const QuantizedMatrix quantized(matrix, 1.0f, nullptr);
  const ItemFilter filter = SomeRows(random, kSelectedOf, 10);
  const std::vector<float> vector = RandomVector(random, 16, Numbers::kNormal);
  RetrievalQuery query;
  query.vector = vector;
  query.filter = &filter;
  const DotScorer scorer(&matrix, &query);
  ScanStatistics statistics;
  EXPECT_EQ(Bits(ScanSelected(quantized, ScanScore::kDotProduct, {&query, &scorer}, statistics)),
            Bits(ScanTopK(scorer, kSelectedOf, query)));
  EXPECT_LT(statistics.rescored, filter.CountAllowed() / 4);
}

TEST(ScanSelected, AnswersNothingWhereNothingIsAllowed) {
  Random random(33);
  const FactorMatrix matrix = RandomMatrix(random, 200, 4, Numbers::kNormal);
  const QuantizedMatrix quantized(matrix, 1.0f, nullptr);
  const ItemFilter filter = ItemFilter::Only(200, {});
  const std::vector<float> vector(4, 1.0f);
  RetrievalQuery query;
  query.vector = vector;
  query.filter = &filter;
  const DotScorer scorer(&matrix, &query);
  ScanStatistics statistics;
  EXPECT_TRUE(ScanSelected(quantized, ScanScore::kDotProduct, {&query, &scorer}, statistics).empty());
  EXPECT_EQ(statistics.rescored, 0);
}

}  // namespace
}  // namespace ridgeline
