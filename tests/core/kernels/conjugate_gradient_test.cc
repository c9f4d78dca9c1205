#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/kernels/kernels.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"
#include "tests/core/kernels/solved_row.h"

namespace ridgeline {
namespace {

using kernels::ImproveRow;
using kernels::RowSystem;
using kernels::RowWorkspace;
using kernels::SolveRow;

constexpr int kImprovedOtherRows = 200;

// A random system and the memory it points into.
struct Made {
  Made(int factor_count, int64_t entries, bool with_one) {
    factors = RandomVector(int64_t{kImprovedOtherRows} * factor_count, 1);
    weights = RandomVector(entries, 2, 0.5f, 2.0f);
    targets = RandomVector(entries, 3);
    for (int64_t entry = 0; entry < entries; ++entry) columns.push_back(entry * 7 % kImprovedOtherRows);
    system.factors = factors.data();
    system.factor_count = factor_count;
    system.append_one = with_one;
    system.columns = columns.data();
    system.weights = weights.data();
    system.targets = targets.data();
    system.entries = entries;
    ridge = RandomVector(system.dimension(), 4, 0.5f, 1.0f);
    diagonal = RandomVector(system.dimension(), 5, 0.0f, 30.0f);
    system.ridge = ridge.data();
    system.base_diagonal = diagonal.data();
    system.base_scale = 0.25f;
  }

  std::vector<float> factors, weights, targets, ridge, diagonal;
  std::vector<uint32_t> columns;
  RowSystem system;
};

std::vector<float> Improve(const RowSystem& system, int steps, std::vector<float> start) {
  RowWorkspace workspace;
  EXPECT_TRUE(ImproveRow(system, steps, workspace, start.data()));
  return start;
}

// w A w - 2 b w, which the solution minimizes.
double QuadraticForm(const RowSystem& system, const std::vector<float>& w) {
  double form = 0.0;
  for (int k = 0; k < system.dimension(); ++k) {
    form += (system.ridge[k] + double{system.base_scale} * system.base_diagonal[k]) * w[k] * w[k];
  }
  for (int64_t entry = 0; entry < system.entries; ++entry) {
    double product = system.append_one ? w.back() : 0.0;
    for (int k = 0; k < system.factor_count; ++k) product += double{system.factor_row(entry)[k]} * w[k];
    form += system.weights[entry] * product * product - 2.0 * system.targets[entry] * product;
  }
  return form;
}

TEST(ConjugateGradient, FactorsThatHaveAllButVanishedStayFinite) {
  for (float scale = 1e-12f; scale > 1e-38f; scale *= 0.5f) {
    Made made(16, 20, false);
    for (float& factor : made.factors) factor *= scale;
    const std::vector<float> improved = Improve(made.system, 3, std::vector<float>(16, scale));
    for (const float value : improved) ASSERT_TRUE(std::isfinite(value)) << scale;
  }
}

TEST(ConjugateGradient, ReachesTheExactSolutionInAsManyStepsAsDimensions) {
  for (const int factor_count : {1, 3, 16, 17, 40}) {
    for (const int64_t entries : {1, 3, 4, 5, 90}) {
      for (const bool with_one : {false, true}) {
        const Made made(factor_count, entries, with_one);
        const std::vector<float> expected = Solve(made.system);
        const std::vector<float> improved =
            Improve(made.system, 2 * made.system.dimension(), std::vector<float>(expected.size(), 0.1f));
        for (size_t k = 0; k < expected.size(); ++k) {
          ASSERT_NEAR(improved[k], expected[k], 2e-4) << factor_count << " " << entries << " " << k;
        }
      }
    }
  }
}

TEST(ConjugateGradient, LowersTheQuadraticFormWithEveryStep) {
  const Made made(33, 150, true);
  std::vector<float> at(34, 0.5f);
  double before = QuadraticForm(made.system, at);
  for (int step = 0; step < 5; ++step) {
    at = Improve(made.system, 1, at);
    const double after = QuadraticForm(made.system, at);
    EXPECT_LT(after, before) << step;
    before = after;
  }
}

TEST(ConjugateGradient, StaysAtTheSolution) {
  const Made made(20, 60, false);
  const std::vector<float> solution = Solve(made.system);
  const std::vector<float> improved = Improve(made.system, 50, solution);
  for (size_t k = 0; k < solution.size(); ++k) EXPECT_NEAR(improved[k], solution[k], 1e-5) << k;
}

TEST(ConjugateGradient, SolvesTheSameSystemWhenItsRowsAreGatheredInBlocks) {
  const Made made(300, 2000, false);  // more floats than are kept gathered
  const std::vector<float> expected = Solve(made.system);
  const std::vector<float> improved = Improve(made.system, 100, std::vector<float>(300, 0.0f));
  for (size_t k = 0; k < expected.size(); ++k) ASSERT_NEAR(improved[k], expected[k], 1e-3) << k;
}

TEST(ConjugateGradient, TakesADenseBaseForTheDiagonalOne) {
  Made made(12, 30, false);
  const std::vector<float> by_diagonal = Improve(made.system, 3, std::vector<float>(12, 0.2f));
  std::vector<float> base(12 * 12, 0.0f);
  for (int k = 0; k < 12; ++k) base[k * 12 + k] = made.diagonal[k];
  made.system.base_diagonal = nullptr;
  made.system.base = base.data();
  const std::vector<float> by_matrix = Improve(made.system, 3, std::vector<float>(12, 0.2f));
  for (int k = 0; k < 12; ++k) EXPECT_NEAR(by_matrix[k], by_diagonal[k], 1e-5) << k;
}

TEST(ConjugateGradient, RefusesNumbersThatAreNotFinite) {
  Made made(8, 20, false);
  made.factors[int64_t{made.columns[3]} * 8] = std::numeric_limits<float>::quiet_NaN();
  RowWorkspace workspace;
  std::vector<float> solution(8, 0.0f);
  EXPECT_FALSE(ImproveRow(made.system, 3, workspace, solution.data()));
}

}  // namespace
}  // namespace ridgeline
