#include "core/retrieval/quantized_matrix.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"

namespace ridgeline {
namespace {

// The value that the codes of `position` say its dimension `d` has.
double Decoded(const QuantizedMatrix& quantized, uint32_t position, int d) {
  const kernels::CodeMatrix codes = quantized.codes();
  const uint64_t tile = position / kernels::kCodeTileRows, place = position % kernels::kCodeTileRows;
  const uint64_t group = static_cast<uint64_t>(d / kernels::kCodeGroup);
  const uint8_t code =
      codes.codes[((tile * static_cast<uint64_t>(codes.groups) + group) * kernels::kCodeTileRows + place) *
                      kernels::kCodeGroup +
                  static_cast<uint64_t>(d % kernels::kCodeGroup)];
  return double{codes.blocks[position / kernels::kCodeBlockRows].scale} * (code - kernels::kCodeZero);
}

class QuantizedMatrixProperty : public testing::TestWithParam<Numbers> {};

TEST_P(QuantizedMatrixProperty, BoundsHoldForEveryRow) {
  for (const int factors : {0, 1, 4, 7, 50}) {
    Random random(static_cast<uint64_t>(factors));
    const FactorMatrix matrix = RandomMatrix(random, 333, factors, GetParam());
    const QuantizedMatrix quantized(matrix, 1.0f, nullptr);
    for (uint32_t position = 0; position < quantized.rows(); ++position) {
      const uint32_t row = quantized.RowAt(position);
      const kernels::CodeBlock& block = quantized.codes().blocks[position / kernels::kCodeBlockRows];
      double error = 0.0, norm = 0.0;
      for (int d = 0; d < factors; ++d) {
        const double value = matrix.Row(row)[static_cast<size_t>(d)];
        error += std::pow(value - Decoded(quantized, position, d), 2);
        norm += value * value;
      }
      EXPECT_LE(std::sqrt(error), block.error * (1 + 1e-12));
      EXPECT_LE(std::sqrt(norm), block.norm);
      EXPECT_GE(std::sqrt(norm), block.least_norm);
      EXPECT_LE(matrix.biases[row], block.bias);
      EXPECT_EQ(matrix.biases[row], quantized.codes().biases[position]);
    }
  }
}

TEST_P(QuantizedMatrixProperty, HoldsEveryRowOnceWhateverTheNumberOfThreads) {
  Random random(7);
  const FactorMatrix matrix = RandomMatrix(random, 9'000, 6, GetParam());
  const QuantizedMatrix alone(matrix, 2.0f, nullptr);
  Arena arena(3);
  const QuantizedMatrix shared(matrix, 2.0f, &arena);
  std::set<uint32_t> rows;
  for (uint32_t position = 0; position < alone.rows(); ++position) {
    rows.insert(alone.RowAt(position));
    ASSERT_EQ(alone.RowAt(position), shared.RowAt(position));
  }
  EXPECT_EQ(rows.size(), 9'000u);
  const auto bytes = static_cast<size_t>(alone.blocks() * kernels::kCodeBlockRows * 8);
  EXPECT_EQ(std::memcmp(alone.codes().codes, shared.codes().codes, bytes), 0);
}

INSTANTIATE_TEST_SUITE_P(AllNumbers, QuantizedMatrixProperty,
                         testing::Values(Numbers::kNormal, Numbers::kCoarse, Numbers::kExtreme));

TEST(QuantizedMatrix, BeginsWithTheRowsThatCanScoreMost) {
  Random random(5);
  const FactorMatrix matrix = RandomMatrix(random, 500, 8, Numbers::kNormal);
  const QuantizedMatrix quantized(matrix, 3.0f, nullptr);
  double before = std::numeric_limits<double>::infinity();
  for (uint32_t position = 0; position < quantized.rows(); ++position) {
    const uint32_t row = quantized.RowAt(position);
    double norm = 0.0;
    for (const float value : matrix.Row(row)) norm += double{value} * value;
    const double most = 3.0 * std::sqrt(norm) + matrix.biases[row];
    EXPECT_LE(most, before + 1e-5);
    before = most;
  }
}

TEST(QuantizedMatrix, KeepsNoBiasesWhereAllAreZero) {
  Random random(6);
  FactorMatrix matrix = RandomMatrix(random, 100, 4, Numbers::kNormal);
  std::fill(matrix.biases.begin(), matrix.biases.end(), 0.0f);
  EXPECT_EQ(QuantizedMatrix(matrix, 1.0f, nullptr).codes().biases, nullptr);
}

TEST(RoundedUpAndDown, EncloseTheNumber) {
  for (const double value : {0.0, 1.0, 1.0 / 3.0, 1e-50, 1e-300, 1e30 / 7.0}) {
    EXPECT_GE(RoundedUp(value), value);
    EXPECT_LE(RoundedDown(value), value);
  }
  EXPECT_EQ(RoundedUp(1e300), std::numeric_limits<float>::infinity());
}

}  // namespace
}  // namespace ridgeline
