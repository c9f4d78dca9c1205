#include "core/kernels/product.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline::kernels {
namespace {

TEST(Product, EqualsTheSchoolbookAboveTheDiagonal) {
  for (const int64_t size : {1, 7, 16, 17, 40, 64, 65, 129}) {
    for (const int64_t depth : {0, 1, 5, 33}) {
      const int64_t stride = PadToPanel(size);
      const std::vector<float> factor = RandomVector(stride * (depth + 1), 1);
      const std::vector<float> before = RandomVector(stride * stride, 2);
      std::vector<float> sum = before, difference = before;
      UpperProduct<Accumulation::kAdd>(SymmetricOperands(factor.data(), stride, depth, sum.data(), stride), 0,
                                       size, size);
      UpperProduct<Accumulation::kSubtract>(
          SymmetricOperands(factor.data(), stride, depth, difference.data(), stride), 0, size, size);
      for (int64_t i = 0; i < size; ++i) {
        for (int64_t j = i; j < size; ++j) {
          double product = 0.0;
          for (int64_t k = 0; k < depth; ++k) {
            product += double{factor[k * stride + i]} * double{factor[k * stride + j]};
          }
          const int64_t at = i * stride + j;
          ASSERT_NEAR(sum[at], before[at] + product, 1e-5) << size << " " << depth << " " << i << " " << j;
          ASSERT_NEAR(difference[at], before[at] - product, 1e-5) << size << " " << i << " " << j;
        }
      }
    }
  }
}

TEST(Product, LeavesRowsOutsideTheRangeAlone) {
  const int64_t stride = 48;
  const std::vector<float> factor = RandomVector(stride * 3, 1);
  std::vector<float> result(stride * stride, 0.0f);
  UpperProduct<Accumulation::kAdd>(SymmetricOperands(factor.data(), stride, 3, result.data(), stride), 16, 32,
                                   48);
  for (int64_t i = 0; i < 48; ++i) {
    const bool touched = result[i * stride + 47] != 0.0f;
    EXPECT_EQ(touched, i >= 16 && i < 32) << i;
  }
}

}  // namespace
}  // namespace ridgeline::kernels
