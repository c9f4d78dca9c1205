#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/kernels/kernels.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/kernels/random_vector.h"

namespace ridgeline {
namespace {

using kernels::RowSystem;
using kernels::SolveNonNegative;

constexpr int kNonNegativeOtherRows = 50;

// A random system with weights and the memory it points into. Its targets have both signs, so that about half
// of the coordinates are held at 0.
struct NonNegativeProblem {
  NonNegativeProblem(int factor_count, int64_t entries, bool append_one, uint32_t seed)
      : factors(RandomVector(int64_t{kNonNegativeOtherRows} * factor_count, seed, 0.0f, 1.0f)),
        weights(RandomVector(entries, seed + 1, 0.1f, 3.0f)),
        targets(RandomVector(entries, seed + 2)) {
    for (int64_t entry = 0; entry < entries; ++entry) columns.push_back(entry % kNonNegativeOtherRows);
    system.factors = factors.data();
    system.factor_count = factor_count;
    system.append_one = append_one;
    system.columns = columns.data();
    system.weights = weights.data();
    system.targets = targets.data();
    system.entries = entries;
    ridge = RandomVector(system.dimension(), seed + 3, 0.01f, 0.1f);
    base = RandomVector(system.dimension(), seed + 4, 0.1f, 1.0f);
    system.ridge = ridge.data();
    system.base_diagonal = base.data();
    system.base_scale = 0.125f;
  }

  size_t size() const { return static_cast<size_t>(system.dimension()); }

  double Factor(int64_t entry, size_t k) const {
    return k == static_cast<size_t>(system.factor_count) ? 1.0 : system.factor_row(entry)[k];
  }

  // M w - r, entry by entry.
  std::vector<double> Slope(const std::vector<float>& w) const {
    std::vector<double> slope(size());
    for (size_t k = 0; k < size(); ++k) slope[k] = (ridge[k] + 0.125 * base[k]) * w[k];
    for (int64_t entry = 0; entry < system.entries; ++entry) {
      double score = 0.0;
      for (size_t k = 0; k < size(); ++k) score += Factor(entry, k) * w[k];
      for (size_t k = 0; k < size(); ++k) {
        slope[k] += Factor(entry, k) * (weights[entry] * score - targets[entry]);
      }
    }
    return slope;
  }

  std::vector<float> Solve() const {
    std::vector<float> w(size(), -1.0f);
    EXPECT_TRUE(SolveNonNegative(system, w.data()));
    return w;
  }

  std::vector<float> factors, weights, targets, ridge, base;
  std::vector<uint32_t> columns;
  RowSystem system;
};

void ExpectKarushKuhnTucker(const NonNegativeProblem& problem, const std::vector<float>& w) {
  const std::vector<double> slope = problem.Slope(w);
  const double tolerance = 1e-5 * static_cast<double>(problem.system.entries + 1);
  for (size_t k = 0; k < problem.size(); ++k) {
    const bool is_held = k < static_cast<size_t>(problem.system.factor_count) && w[k] == 0.0f;
    EXPECT_GE(slope[k], -tolerance) << k;
    if (!is_held) {
      EXPECT_LE(slope[k], tolerance) << k;
    }
    if (k < static_cast<size_t>(problem.system.factor_count)) {
      EXPECT_GE(w[k], 0.0f);
    }
  }
}

TEST(SolveNonNegative, MeetsTheConditionsOfKarushKuhnTucker) {
  for (const int factors : {1, 2, 7, 16, 65}) {
    for (const int64_t entries : {0, 1, 5, 40, 300}) {
      for (const bool append_one : {false, true}) {
        const NonNegativeProblem problem(factors, entries, append_one,
                                         static_cast<uint32_t>(7 * factors + entries));
        const std::vector<float> w = problem.Solve();
        ExpectKarushKuhnTucker(problem, w);
      }
    }
  }
}

TEST(SolveNonNegative, HoldsSomeCoordinatesAtZeroAndNotOthers) {
  const std::vector<float> w = NonNegativeProblem(30, 40, true, 3).Solve();
  EXPECT_THAT(w, testing::Contains(0.0f));
  EXPECT_THAT(w, testing::Contains(testing::Gt(0.0f)));
}

TEST(SolveNonNegative, LeavesTheBiasItsSign) {
  NonNegativeProblem problem(3, 20, true, 4);
  for (float& target : problem.targets) target = -1.0f;
  EXPECT_LT(problem.Solve().back(), 0.0f);
}

// Solves NonNegativeProblem(6, 12, false, seed) with only those coordinates whose bit is set: where no row
// has anything, the ridge keeps the solution at 0.
std::vector<float> SolveOnSupport(uint32_t seed, int bits) {
  NonNegativeProblem problem(6, 12, false, seed);
  for (size_t at = 0; at < problem.factors.size(); ++at) {
    if ((bits >> (at % 6) & 1) == 0) problem.factors[at] = 0.0f;
  }
  kernels::RowWorkspace workspace;
  std::vector<float> w(6);
  EXPECT_TRUE(SolveRow(problem.system, workspace, w.data()));
  return w;
}

TEST(SolveNonNegative, IsTheBestOfAllSupports) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const NonNegativeProblem problem(6, 12, false, seed * 10);
    const auto value = [&](const std::vector<float>& w) {  // w^T (M w - r) - w^T r = 2 (w^T M w / 2 - w^T r)
      const std::vector<double> slope = problem.Slope(w);
      const std::vector<double> minus_side = problem.Slope(std::vector<float>(6, 0.0f));
      double sum = 0.0;
      for (size_t k = 0; k < 6; ++k) sum += w[k] * (slope[k] + minus_side[k]);
      return sum;
    };
    const double found = value(problem.Solve());
    for (int bits = 0; bits < 64; ++bits) {
      const std::vector<float> w = SolveOnSupport(seed * 10, bits);
      if (*std::min_element(w.begin(), w.end()) < 0.0f) continue;
      EXPECT_LE(found, value(w) + 1e-5);
    }
  }
}

TEST(SolveNonNegative, IsTheRidgeSolutionWhereThatIsPositive) {
  NonNegativeProblem problem(5, 30, true, 8);
  for (size_t entry = 0; entry < problem.targets.size(); ++entry) {
    problem.targets[entry] = problem.weights[entry] * (problem.Factor(static_cast<int64_t>(entry), 0) + 2.0f);
    for (size_t k = 1; k < 5; ++k)
      problem.targets[entry] += problem.weights[entry] * problem.Factor(entry, k);
  }
  kernels::RowWorkspace workspace;
  std::vector<float> expected(problem.size());
  ASSERT_TRUE(SolveRow(problem.system, workspace, expected.data()));
  const std::vector<float> w = problem.Solve();
  for (size_t k = 0; k < w.size(); ++k) EXPECT_NEAR(w[k], expected[k], 1e-4);
}

TEST(SolveNonNegative, RefusesNumbersThatAreNotFinite) {
  for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    NonNegativeProblem problem(4, 10, false, 5);
    problem.targets[3] = bad;
    std::vector<float> w(problem.size());
    EXPECT_FALSE(SolveNonNegative(problem.system, w.data()));
  }
}

}  // namespace
}  // namespace ridgeline
