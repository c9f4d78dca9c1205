#include <cmath>
#include <limits>
#include <vector>

#include "core/kernels/kernels.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline {
namespace {

constexpr int kRows = 23;

// The scores by the schoolbook in double.
std::vector<double> NaiveScores(const std::vector<float>& factors, const std::vector<float>& biases,
                                const std::vector<float>& query) {
  std::vector<double> scores(biases.begin(), biases.end());
  for (size_t row = 0; row < scores.size(); ++row) {
    for (size_t k = 0; k < query.size(); ++k) {
      scores[row] += double{factors[row * query.size() + k]} * double{query[k]};
    }
  }
  return scores;
}

TEST(Scores, EqualTheNaiveSumOverOddSizesAndMisalignments) {
  for (const int size : kOddSizes) {
    const std::vector<float> factors = RandomVector(kRows * size, 1);
    const std::vector<float> biases = RandomVector(kRows, 2);
    const std::vector<float> query = RandomVector(size, 3);
    const std::vector<double> expected = NaiveScores(factors, biases, query);
    for (int offset = 0; offset < 4; ++offset) {
      const MisalignedCopy moved(factors, offset);
      std::vector<float> scores(kRows);
      kernels::Scores(moved.data(), biases.data(), kRows, size, query.data(), scores.data());
      const double tolerance = std::numeric_limits<float>::epsilon() * (size + 2);
      for (int row = 0; row < kRows; ++row) EXPECT_NEAR(scores[row], expected[row], tolerance) << size;
    }
  }
}

TEST(Scores, CountNoBiasWhenThereIsNone) {
  const std::vector<float> factors = RandomVector(kRows * 8, 1);
  const std::vector<float> query = RandomVector(8, 2);
  const std::vector<float> zeros(kRows, 0.0f);
  std::vector<float> with(kRows), without(kRows);
  kernels::Scores(factors.data(), zeros.data(), kRows, 8, query.data(), with.data());
  kernels::Scores(factors.data(), nullptr, kRows, 8, query.data(), without.data());
  EXPECT_EQ(with, without);
}

TEST(Scores, LetNotANumberThrough) {
  std::vector<float> factors = RandomVector(2 * 33, 1);
  factors[5] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> query = RandomVector(33, 2);
  float scores[2];
  kernels::Scores(factors.data(), nullptr, 2, 33, query.data(), scores);
  EXPECT_TRUE(std::isnan(scores[0]));
  EXPECT_FALSE(std::isnan(scores[1]));
}

TEST(Dot, IsBitIdenticalToScores) {
  for (int size = 0; size <= 200; ++size) {
    const std::vector<float> factors = RandomVector(kRows * size, 4);
    const std::vector<float> query = RandomVector(size, 5);
    const MisalignedCopy moved(query, 3);
    std::vector<float> scores(kRows);
    kernels::Scores(factors.data(), nullptr, kRows, size, query.data(), scores.data());
    for (int row = 0; row < kRows; ++row) {
      EXPECT_EQ(kernels::Dot(factors.data() + row * size, moved.data(), size), scores[row]) << size;
      EXPECT_EQ(kernels::Dot(moved.data(), factors.data() + row * size, size), scores[row]) << size;
    }
  }
}

}  // namespace
}  // namespace ridgeline
