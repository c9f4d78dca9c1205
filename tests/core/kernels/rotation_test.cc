#include <cstdint>
#include <vector>

#include "core/kernels/kernels.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline {
namespace {

TEST(RotateRows, MultipliesEachRowByTheMatrix) {
  for (const int size : kOddSizes) {
    for (const int64_t rows : {1, 63, 64, 65, 200}) {
      const std::vector<float> before = RandomVector(rows * size, 1);
      const std::vector<float> rotation = RandomVector(int64_t{size} * size, 2);
      std::vector<float> factors = before;
      kernels::RotateRows(rotation.data(), rows, size, factors.data());
      for (int64_t row = 0; row < rows; ++row) {
        for (int j = 0; j < size; ++j) {
          double expected = 0.0;
          for (int k = 0; k < size; ++k) expected += double{before[row * size + k]} * rotation[k * size + j];
          ASSERT_NEAR(factors[row * size + j], expected, 1e-5 * (size + 1)) << size << " " << row << " " << j;
        }
      }
    }
  }
}

}  // namespace
}  // namespace ridgeline
