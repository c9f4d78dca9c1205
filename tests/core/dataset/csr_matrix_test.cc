#include "core/dataset/csr_matrix.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Entries = std::map<std::pair<uint32_t, uint32_t>, float>;

CsrMatrix RandomMatrix(uint32_t rows, uint32_t columns, double density, uint64_t seed) {
  Random random(seed);
  CsrMatrix matrix;
  matrix.rows = rows;
  matrix.columns = columns;
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t column = 0; column < columns; ++column) {
      if (random.Uniform() >= density) continue;
      matrix.column_indices.push_back(column);
      matrix.values.push_back(static_cast<float>(random.Uniform()));
    }
    matrix.offsets.push_back(static_cast<int64_t>(matrix.values.size()));
  }
  return matrix;
}

TEST(CountEntries, CountsThoseOfEachRow) {
  EXPECT_THAT(CountEntries({3, 9, {0, 2, 2, 5}, {1, 4, 0, 3, 8}, {1, 1, 1, 1, 1}}), ElementsAre(2, 0, 3));
  EXPECT_THAT(CountEntries({}), IsEmpty());
}

Entries EntriesOf(const CsrMatrix& matrix, bool transposed) {
  Entries entries;
  for (uint32_t row = 0; row < matrix.rows; ++row) {
    for (size_t i = 0; i < matrix.RowColumns(row).size(); ++i) {
      const uint32_t column = matrix.RowColumns(row)[i];
      entries[transposed ? std::pair(column, row) : std::pair(row, column)] = matrix.RowValues(row)[i];
    }
  }
  return entries;
}

TEST(CsrMatrix, AnEmptyMatrixHasNoEntriesAndTransposesToItself) {
  const CsrMatrix transpose = Transpose(CsrMatrix());
  EXPECT_EQ(transpose.entries(), 0);
  EXPECT_THAT(transpose.offsets, ElementsAre(0));
}

TEST(CsrMatrix, TransposeOfASmallMatrixIsTheOneWrittenByHand) {
  CsrMatrix matrix;  // 5 0 6 / 0 0 0 / 0 7 8
  matrix.rows = matrix.columns = 3;
  matrix.offsets = {0, 2, 2, 4};
  matrix.column_indices = {0, 2, 1, 2};
  matrix.values = {5, 6, 7, 8};
  const CsrMatrix transpose = Transpose(matrix);
  EXPECT_THAT(transpose.offsets, ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(transpose.column_indices, ElementsAre(0, 2, 0, 2));
  EXPECT_THAT(transpose.values, ElementsAre(5, 7, 6, 8));
  EXPECT_THAT(matrix.RowColumns(1), IsEmpty());
}

TEST(CsrMatrix, TransposeKeepsEveryEntryWithColumnsAscending) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const CsrMatrix matrix = RandomMatrix(1 + seed, 23 - seed, 0.05 * static_cast<double>(seed), seed);
    const CsrMatrix transpose = Transpose(matrix);
    ASSERT_EQ(transpose.rows, matrix.columns);
    ASSERT_EQ(transpose.columns, matrix.rows);
    EXPECT_EQ(EntriesOf(transpose, true), EntriesOf(matrix, false));
    for (uint32_t row = 0; row < transpose.rows; ++row) {
      EXPECT_TRUE(std::is_sorted(transpose.RowColumns(row).begin(), transpose.RowColumns(row).end()));
    }
  }
}

}  // namespace
}  // namespace ridgeline
