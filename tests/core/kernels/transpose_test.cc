#include "core/kernels/transpose.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline::kernels {
namespace {

TEST(Transpose, ExchangesRowsAndColumns) {
  const int64_t rows = 32, columns = 48;
  const std::vector<float> from = RandomVector(rows * columns, 1);
  std::vector<float> to(from.size());
  TransposeMatrix(from.data(), columns, rows, columns, to.data(), rows);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) ASSERT_EQ(to[j * rows + i], from[i * columns + j]) << i << " " << j;
  }
}

}  // namespace
}  // namespace ridgeline::kernels
