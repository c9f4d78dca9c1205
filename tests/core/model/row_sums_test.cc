#include "core/model/row_sums.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;

const FactorMatrix kThreeRows = {2, {1, 2, 3, 4, 5, 6}, {10, -20, 30}};

TEST(SumRows, SumsFactorsAndBiases) {
  const RowSums sums = SumRows(kThreeRows);
  EXPECT_EQ(sums.rows, 3.0);
  EXPECT_THAT(sums.factors, ElementsAre(9.0, 12.0));
  EXPECT_THAT(sums.biased_factors, ElementsAre(100.0, 120.0));
  EXPECT_EQ(sums.biases, 20.0);
  EXPECT_EQ(sums.squared_biases, 1400.0);
}

TEST(SumRows, OfTheFirstRowsLeavesTheOthersOut) {
  const RowSums sums = SumRows(kThreeRows, 2);
  EXPECT_EQ(sums.rows, 2.0);
  EXPECT_THAT(sums.factors, ElementsAre(4.0, 6.0));
  EXPECT_THAT(sums.biased_factors, ElementsAre(-50.0, -60.0));
  EXPECT_EQ(sums.biases, -10.0);
}

TEST(SumRows, OfNoRowsIsZero) {
  const RowSums sums = SumRows({2, {}, {}});
  EXPECT_EQ(sums.rows, 0.0);
  EXPECT_THAT(sums.factors, ElementsAre(0.0, 0.0));
}

TEST(ExtendedGramian, IsThatOfRowsWithAOneAppended) {
  EXPECT_THAT(ExtendedGramian({35, 44, 44, 56}, SumRows(kThreeRows)),
              ElementsAre(35, 44, 9, 44, 56, 12, 9, 12, 3));
}

TEST(BiasMoment, WeighsRowsWithAOneAppendedByTheirBiases) {
  EXPECT_THAT(BiasMoment(SumRows(kThreeRows)), ElementsAre(100, 120, 20));
}

}  // namespace
}  // namespace ridgeline
