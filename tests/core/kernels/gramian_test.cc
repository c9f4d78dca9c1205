#include <limits>
#include <vector>

#include "core/kernels/kernels.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline {
namespace {

std::vector<double> NaiveGramian(const std::vector<float>& factors, int rows, int size) {
  std::vector<double> gramian(static_cast<size_t>(size) * size);
  for (int row = 0; row < rows; ++row) {
    const float* f = factors.data() + int64_t{row} * size;
    for (int i = 0; i < size; ++i) {
      for (int j = 0; j < size; ++j) gramian[i * size + j] += double{f[i]} * double{f[j]};
    }
  }
  return gramian;
}

TEST(Gramian, EqualsTheNaiveSumOverOddSizesAndMisalignments) {
  for (const int size : kOddSizes) {
    for (const int rows : {0, 1, 5, 256, 257, 1000}) {
      const std::vector<float> factors = RandomVector(int64_t{rows} * size, 1);
      const std::vector<double> expected = NaiveGramian(factors, rows, size);
      const MisalignedCopy moved(factors, rows % 4);
      std::vector<double> gramian(static_cast<size_t>(size) * size);
      kernels::AddGramian(moved.data(), rows, size, gramian.data());
      // A sum of products below 1 is below `rows`; rounding errors within a block of 256 add up like a random
      // walk.
      const double tolerance = std::numeric_limits<float>::epsilon() * 16 * (rows + 1);
      for (size_t at = 0; at < gramian.size(); ++at) {
        ASSERT_NEAR(gramian[at], expected[at], tolerance) << size << " x " << rows;
      }
    }
  }
}

TEST(Gramian, IsAddedToWhatWasThere) {
  const std::vector<float> factors = RandomVector(10 * 9, 1);
  std::vector<double> twice(81), once(81);
  kernels::AddGramian(factors.data(), 10, 9, once.data());
  kernels::AddGramian(factors.data(), 10, 9, twice.data());
  kernels::AddGramian(factors.data(), 10, 9, twice.data());
  for (size_t at = 0; at < once.size(); ++at) EXPECT_DOUBLE_EQ(twice[at], 2 * once[at]);
}

TEST(Gramian, IsSymmetricToTheBit) {
  const std::vector<float> factors = RandomVector(777 * 33, 1);
  std::vector<double> gramian(33 * 33);
  kernels::AddGramian(factors.data(), 777, 33, gramian.data());
  for (int i = 0; i < 33; ++i) {
    for (int j = 0; j < i; ++j) EXPECT_EQ(gramian[i * 33 + j], gramian[j * 33 + i]);
  }
}

TEST(Gramian, KeepsItsPrecisionOverManyRows) {
  const int rows = 1 << 21;
  const std::vector<float> factors(rows, 0.1f);
  double gramian = 0.0;
  kernels::AddGramian(factors.data(), rows, 1, &gramian);
  EXPECT_NEAR(gramian / rows, double{0.1f} * double{0.1f}, 3e-8);
}

}  // namespace
}  // namespace ridgeline
