#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "core/kernels/kernels.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"
#include "tests/core/kernels/solved_row.h"

namespace ridgeline {
namespace {

using kernels::RowSystem;
using kernels::RowWorkspace;
using kernels::SolveRow;

constexpr int kSolvedOtherRows = 300;

// A random system and the memory it points into.
struct RandomSystem {
  std::vector<float> factors, weights, targets, base, base_diagonal, ridge;
  std::vector<uint32_t> columns;
  RowSystem system;
};

// `implicit`: weights and a base matrix; otherwise a one is appended.
void MakeSystem(int factor_count, int64_t entries, bool implicit, RandomSystem& made) {
  made.factors = RandomVector(int64_t{kSolvedOtherRows} * factor_count, 1);
  made.weights = RandomVector(entries, 2, 0.0f, 3.0f);
  made.targets = RandomVector(entries, 3);
  std::mt19937 generator(4);
  made.columns.resize(static_cast<size_t>(entries));
  for (uint32_t& column : made.columns) column = generator() % kSolvedOtherRows;
  RowSystem& system = made.system;
  system.factors = made.factors.data();
  system.factor_count = factor_count;
  system.append_one = !implicit;
  system.columns = made.columns.data();
  system.targets = made.targets.data();
  system.entries = entries;
  made.ridge = RandomVector(system.dimension(), 5, 0.5f, 1.0f);
  system.ridge = made.ridge.data();
  if (!implicit) return;
  std::vector<double> gramian(static_cast<size_t>(factor_count) * factor_count);
  kernels::AddGramian(made.factors.data(), kSolvedOtherRows, factor_count, gramian.data());
  made.base.assign(gramian.begin(), gramian.end());
  system.base = made.base.data();
  system.base_scale = 0.125f;
  system.weights = made.weights.data();
}

double Extended(const RowSystem& system, int64_t entry, int k) {
  if (k == system.factor_count) return 1.0;
  return system.factor_row(entry)[k];
}

// The matrix [dimension x dimension] in double, by the schoolbook.
std::vector<double> NaiveMatrix(const RowSystem& system) {
  const int dimension = system.dimension();
  std::vector<double> matrix(static_cast<size_t>(dimension) * dimension);
  for (int i = 0; i < dimension; ++i) {
    matrix[i * dimension + i] += system.ridge[i];
    for (int j = 0; j < dimension; ++j) {
      double& sum = matrix[i * dimension + j];
      if (system.base != nullptr) sum += double{system.base_scale} * system.base[i * dimension + j];
      if (i == j && system.base_diagonal != nullptr)
        sum += double{system.base_scale} * system.base_diagonal[i];
      for (int64_t entry = 0; entry < system.entries; ++entry) {
        const double weight = system.weights == nullptr ? 1.0 : system.weights[entry];
        sum += weight * Extended(system, entry, i) * Extended(system, entry, j);
      }
    }
  }
  return matrix;
}

std::vector<double> NaiveRightSide(const RowSystem& system) {
  std::vector<double> side(static_cast<size_t>(system.dimension()));
  for (int k = 0; k < system.dimension(); ++k) {
    for (int64_t entry = 0; entry < system.entries; ++entry) {
      side[k] += system.targets[entry] * Extended(system, entry, k);
    }
  }
  return side;
}

// The largest |A w - b| in units of float32's epsilon times |A| |w| + |b|: the backward error.
double BackwardError(const std::vector<double>& matrix, const std::vector<double>& side,
                     const std::vector<float>& solution) {
  const size_t dimension = side.size();
  double residual = 0.0, matrix_norm = 0.0, solution_norm = 0.0, side_norm = 0.0;
  for (size_t i = 0; i < dimension; ++i) {
    double row_residual = -side[i], row_norm = 0.0;
    for (size_t j = 0; j < dimension; ++j) {
      row_residual += matrix[i * dimension + j] * solution[j];
      row_norm += std::abs(matrix[i * dimension + j]);
    }
    residual = std::max(residual, std::abs(row_residual));
    matrix_norm = std::max(matrix_norm, row_norm);
    solution_norm = std::max(solution_norm, double{std::abs(solution[i])});
    side_norm = std::max(side_norm, std::abs(side[i]));
  }
  const double scale = matrix_norm * solution_norm + side_norm;
  return scale == 0.0 ? residual : residual / scale / std::numeric_limits<float>::epsilon();
}

TEST(RowSolver, SolvesTheNaiveSystemOverOddSizes) {
  for (const int factor_count : kOddSizes) {
    for (const int64_t entries : {0, 1, 5, 64, 255, 256, 257, 700}) {
      for (const bool implicit : {false, true}) {
        RandomSystem made;
        MakeSystem(factor_count, entries, implicit, made);
        const double error =
            BackwardError(NaiveMatrix(made.system), NaiveRightSide(made.system), Solve(made.system));
        EXPECT_LT(error, 8.0) << factor_count << " factors, " << entries << " entries, implicit " << implicit;
      }
    }
  }
}

// The base of `made` becomes diagonal: what a row has in the basis of the Gramian's axes.
void MakeBaseDiagonal(RandomSystem& made) {
  made.base_diagonal = RandomVector(made.system.dimension(), 6, 0.0f, 20.0f);
  made.system.base = nullptr;
  made.system.base_diagonal = made.base_diagonal.data();
}

TEST(RowSolver, SolvesTheNaiveSystemWithADiagonalBaseInEitherSpace) {
  for (const int factor_count : kOddSizes) {
    for (const int64_t entries : {1, 2, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129}) {
      RandomSystem made;
      MakeSystem(factor_count, entries, true, made);
      MakeBaseDiagonal(made);
      const double error =
          BackwardError(NaiveMatrix(made.system), NaiveRightSide(made.system), Solve(made.system));
      EXPECT_LT(error, 8.0) << factor_count << " factors, " << entries << " entries";
    }
  }
}

TEST(RowSolver, GivesTheSameAnswerForADiagonalBaseAsForItsMatrix) {
  RandomSystem made;
  MakeSystem(40, 20, true, made);
  MakeBaseDiagonal(made);
  const std::vector<float> by_entries = Solve(made.system);
  std::vector<float> matrix(40 * 40, 0.0f);
  for (int k = 0; k < 40; ++k) matrix[k * 40 + k] = made.base_diagonal[k];
  made.system.base_diagonal = nullptr;
  made.system.base = matrix.data();
  const std::vector<float> by_factors = Solve(made.system);
  for (int k = 0; k < 40; ++k) EXPECT_NEAR(by_entries[k], by_factors[k], 1e-4) << k;
}

TEST(RowSolver, CountsTheTargetOfAnEntryOfNoWeight) {
  RandomSystem made;
  MakeSystem(16, 5, true, made);
  MakeBaseDiagonal(made);
  made.weights[2] = 0.0f;
  EXPECT_LT(BackwardError(NaiveMatrix(made.system), NaiveRightSide(made.system), Solve(made.system)), 8.0);
}

TEST(RowSolver, ReadsABlockOfColumnsByStride) {
  RandomSystem made;
  MakeSystem(48, 100, false, made);
  RowSystem block = made.system;
  block.factor_stride = 48;
  block.factors += 16;
  block.factor_count = 20;
  EXPECT_LT(BackwardError(NaiveMatrix(block), NaiveRightSide(block), Solve(block)), 8.0);
}

TEST(RowSolver, SolvesARowOfAMillionEntries) {
  RandomSystem made;
  MakeSystem(9, 1'000'000, true, made);
  EXPECT_LT(BackwardError(NaiveMatrix(made.system), NaiveRightSide(made.system), Solve(made.system)), 64.0);
}

TEST(RowSolver, GivesTheSameBitsWhereverTheDataLie) {
  RandomSystem made;
  MakeSystem(33, 300, true, made);
  const std::vector<float> expected = Solve(made.system);
  for (int offset = 1; offset < 16; ++offset) {
    const MisalignedCopy factors(made.factors, offset), base(made.base, offset), ridge(made.ridge, offset);
    RowSystem moved = made.system;
    moved.factors = factors.data();
    moved.base = base.data();
    moved.ridge = ridge.data();
    EXPECT_EQ(Solve(moved), expected) << offset;
  }
}

TEST(RowSolver, GivesTheSameBitsInAUsedWorkspace) {
  RandomSystem large, small;
  MakeSystem(64, 300, false, large);
  MakeSystem(31, 20, false, small);
  RowWorkspace workspace;
  std::vector<float> solution(65);
  ASSERT_TRUE(SolveRow(large.system, workspace, solution.data()));
  const size_t size = workspace.memory.size();
  ASSERT_TRUE(SolveRow(small.system, workspace, solution.data()));
  solution.resize(32);
  EXPECT_EQ(solution, Solve(small.system));
  EXPECT_EQ(workspace.memory.size(), size) << "a smaller row needs no new memory";
}

TEST(RowSolver, TakesARightSideInPlaceOfTargets) {
  RandomSystem made;
  MakeSystem(33, 40, true, made);
  const std::vector<float> side = RandomVector(33, 9);
  made.system.right_side = side.data();
  made.system.targets = nullptr;
  const std::vector<double> expected(side.begin(), side.end());
  EXPECT_LT(BackwardError(NaiveMatrix(made.system), expected, Solve(made.system)), 8.0);
}

TEST(RowSolver, FallsBackToDoubleWhereFloat32IsSingular) {
  RandomSystem made;
  MakeSystem(32, 3, false, made);
  made.ridge.assign(33, 1e-9f);
  made.system.ridge = made.ridge.data();
  const std::vector<float> solution = Solve(made.system);
  for (int64_t entry = 0; entry < 3; ++entry) {
    double fitted = 0.0;
    for (int k = 0; k < 33; ++k) fitted += solution[k] * Extended(made.system, entry, k);
    EXPECT_NEAR(fitted, made.targets[entry], 1e-5) << "hardly any regularization: the entries are met";
  }
}

TEST(RowSolver, RefusesAMatrixThatIsNotPositiveDefinite) {
  RandomSystem made;
  MakeSystem(3, 0, false, made);
  const std::vector<float> base = {-9, 0, 0, 0, 0, -9, 0, 0, 0, 0, -9, 0, 0, 0, 0, -9};
  made.system.base = base.data();
  RowWorkspace workspace;
  float solution[4];
  EXPECT_FALSE(SolveRow(made.system, workspace, solution));
}

TEST(RowSolver, RefusesNumbersThatAreNotFinite) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    RandomSystem made;
    MakeSystem(8, 20, false, made);
    made.factors[int64_t{made.columns[0]} * 8] = bad;
    RowWorkspace workspace;
    std::vector<float> solution(9);
    EXPECT_FALSE(SolveRow(made.system, workspace, solution.data()));
  }
}

}  // namespace
}  // namespace ridgeline
