#include "core/retrieval/quantized_queries.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"

namespace ridgeline {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

class QuantizedQueriesProperty : public testing::TestWithParam<Numbers> {};

TEST_P(QuantizedQueriesProperty, CodesStayWithinTheirSumsAndTheErrorIsBounded) {
  for (const int factors : {1, 3, 4, 16, 17, 50, 128}) {
    Random random(static_cast<uint64_t>(factors));
    QuantizedQueries quantized(factors, false);
    for (int q = 0; q < kernels::kMaxScanQueries; ++q) {
      const std::vector<float> vector = RandomVector(random, static_cast<size_t>(factors), GetParam());
      ASSERT_EQ(quantized.Add(vector), q);
      const kernels::CodeQueries& queries = quantized.queries();
      double error = 0.0;
      int sums[2] = {0, 0};
      for (int d = 0; d < factors; ++d) {
        if (d % kernels::kCodeChunk == 0) sums[0] = sums[1] = 0;
        sums[d / 2 % 2] += std::abs(int{queries.codes[q][d]});
        EXPECT_LE(sums[d / 2 % 2], kernels::kMostCodeSum);
        error += std::pow(vector[static_cast<size_t>(d)] - double{queries.scale[q]} * queries.codes[q][d], 2);
      }
      EXPECT_LE(std::sqrt(error), queries.error[q] * (1 + 1e-12));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllNumbers, QuantizedQueriesProperty,
                         testing::Values(Numbers::kNormal, Numbers::kCoarse, Numbers::kExtreme));

TEST(QuantizedQueries, PadsDimensionsWithZeros) {
  QuantizedQueries quantized(5, false);
  quantized.Add(std::vector<float>(5, 1.0f));
  for (int d = 5; d < 8; ++d) EXPECT_EQ(quantized.queries().codes[0][d], 0);
}

TEST(QuantizedQueries, TheLastQueryTakesThePlaceOfOneThatIsRemoved) {
  QuantizedQueries quantized(1, false);
  for (const float value : {1.0f, 2.0f, 3.0f}) quantized.Add(std::vector<float>(1, value));
  quantized.SetFloor(2, 7.0f, 0.0f);
  quantized.Remove(0);
  EXPECT_EQ(quantized.count(), 2);
  EXPECT_FLOAT_EQ(quantized.queries().norm[0], 3.0f);
  EXPECT_FLOAT_EQ(quantized.queries().scale[0] * quantized.queries().codes[0][0], 3.0f);
  EXPECT_NEAR(quantized.queries().floor[0], 7.0f, 1e-4f);
  EXPECT_FLOAT_EQ(quantized.queries().norm[1], 2.0f);
  quantized.Remove(1);
  quantized.Remove(0);
  EXPECT_EQ(quantized.count(), 0);
}

TEST(QuantizedQueries, AFloorAllowsForTheRoundingOfTheConstant) {
  QuantizedQueries quantized(1, false);
  quantized.Add(std::vector<float>(1, 1.0f));
  quantized.SetFloor(0, 1e6f, 1e6f - 1.0f);
  // In float32 1e6 - 1 + 0.97 rounds to 1e6.
  EXPECT_LT(quantized.queries().floor[0], 0.97f);
  EXPECT_GT(quantized.queries().floor[0], -1.0f);
}

TEST(QuantizedQueries, WithoutAFiniteFloorEveryRowPasses) {
  QuantizedQueries quantized(1, false);
  quantized.Add(std::vector<float>(1, 1.0f));
  for (const float floor : {-kInfinity, kInfinity}) {
    quantized.SetFloor(0, floor, 0.0f);
    EXPECT_EQ(quantized.queries().floor[0], -kInfinity);
  }
}

}  // namespace
}  // namespace ridgeline
