#ifndef RIDGELINE_TESTS_CORE_KERNELS_SOLVED_ROW_H_
#define RIDGELINE_TESTS_CORE_KERNELS_SOLVED_ROW_H_

#include <vector>

#include "core/kernels/kernels.h"
#include "gtest/gtest.h"

namespace ridgeline {

/// The exact solution of `system`, which must be positive definite.
inline std::vector<float> Solve(const kernels::RowSystem& system) {
  kernels::RowWorkspace workspace;
  std::vector<float> solution(static_cast<size_t>(system.dimension()));
  EXPECT_TRUE(kernels::SolveRow(system, workspace, solution.data()));
  return solution;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_KERNELS_SOLVED_ROW_H_
