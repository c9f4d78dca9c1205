#include "core/kernels/cholesky.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline::kernels {
namespace {

// A symmetric positive definite matrix, padded, and the memory of its factorization.
struct CholeskyProblem {
  explicit CholeskyProblem(int64_t size)
      : stride(PadToPanel(size)), matrix(stride * stride), inverses(CholeskyInverseFloats(size)) {
    const std::vector<float> root = RandomVector(size * size, 1);
    for (int64_t i = 0; i < size; ++i) {
      for (int64_t j = 0; j < size; ++j) {
        double product = i == j ? 0.5 : 0.0;
        for (int64_t k = 0; k < size; ++k) product += double{root[k * size + i]} * double{root[k * size + j]};
        matrix[i * stride + j] = static_cast<float>(product);
      }
    }
    memory = {size, stride, matrix.data(), inverses.data()};
  }

  int64_t stride;
  std::vector<float> matrix, inverses;
  CholeskyMemory memory;
};

TEST(Cholesky, FactorsIntoATriangleWhoseProductIsTheMatrix) {
  for (const int64_t size : {1, 5, 15, 16, 17, 31, 32, 33, 64, 65, 100, 200}) {
    CholeskyProblem problem(size);
    const std::vector<float> before = problem.matrix;
    float smallest = 0.0f;
    ASSERT_TRUE(FactorCholesky(problem.memory, &smallest)) << size;
    EXPECT_GT(smallest, 0.1f);
    for (int64_t i = 0; i < size; ++i) {
      for (int64_t j = i; j < size; ++j) {
        double product = 0.0;
        for (int64_t k = 0; k <= i; ++k) {
          product +=
              double{problem.matrix[k * problem.stride + i]} * double{problem.matrix[k * problem.stride + j]};
        }
        ASSERT_NEAR(product, before[i * problem.stride + j], 2e-6 * double(size) + 1e-6) << size;
      }
    }
  }
}

TEST(Cholesky, SolvesForAnyRightSide) {
  for (const int64_t size : {1, 5, 16, 17, 48, 65, 130}) {
    CholeskyProblem problem(size);
    const std::vector<float> before = problem.matrix;
    std::vector<float> side = RandomVector(problem.stride, 3);
    for (int64_t i = size; i < problem.stride; ++i) side[i] = 0.0f;
    const std::vector<float> expected = side;
    float smallest = 0.0f;
    ASSERT_TRUE(FactorCholesky(problem.memory, &smallest));
    SolveForward(problem.memory, side.data());
    SolveBackward(problem.memory, side.data());
    for (int64_t i = 0; i < size; ++i) {
      double product = 0.0;
      for (int64_t j = 0; j < size; ++j) product += double{before[i * problem.stride + j]} * double{side[j]};
      ASSERT_NEAR(product, expected[i], 2e-4) << size << " " << i;
    }
  }
}

TEST(Cholesky, RefusesAMatrixThatIsNotPositiveDefinite) {
  for (const int64_t bad : {0, 15, 16, 39}) {
    CholeskyProblem problem(40);
    problem.matrix[bad * problem.stride + bad] = -1.0f;
    float smallest = 0.0f;
    EXPECT_FALSE(FactorCholesky(problem.memory, &smallest)) << bad;
  }
}

TEST(Cholesky, RefusesAMatrixThatIsNotANumber) {
  CholeskyProblem problem(20);
  problem.matrix[3 * problem.stride + 3] = std::nanf("");
  float smallest = 0.0f;
  EXPECT_FALSE(FactorCholesky(problem.memory, &smallest));
}

}  // namespace
}  // namespace ridgeline::kernels
