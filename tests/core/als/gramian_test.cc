#include "core/als/gramian.h"

#include <vector>

#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

TEST(ParallelGramian, EqualsTheSumOfOuterProducts) {
  const FactorMatrix matrix = RandomFactors(10'000, 7, false, 1);
  Arena arena(2);
  const std::vector<double> gramian = ParallelGramian(matrix, arena);
  for (int i = 0; i < 7; ++i) {
    for (int j = 0; j < 7; ++j) {
      double expected = 0.0;
      for (uint32_t row = 0; row < matrix.rows(); ++row) {
        expected += double{matrix.Row(row)[i]} * double{matrix.Row(row)[j]};
      }
      EXPECT_NEAR(gramian[i * 7 + j], expected, 1e-5 * (1.0 + std::abs(expected))) << i << " " << j;
    }
  }
}

TEST(ParallelGramian, GivesTheSameBitsAtAnyNumberOfThreads) {
  const FactorMatrix matrix = RandomFactors(20'000, 5, false, 2);
  Arena one(1), three(3);
  EXPECT_EQ(ParallelGramian(matrix, one), ParallelGramian(matrix, three));
}

TEST(ParallelGramian, IsZeroOfNoRows) {
  Arena arena(1);
  EXPECT_EQ(ParallelGramian(RandomFactors(0, 2, false, 1), arena), std::vector<double>(4, 0.0));
}

}  // namespace
}  // namespace ridgeline
