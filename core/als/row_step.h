#ifndef RIDGELINE_CORE_ALS_ROW_STEP_H_
#define RIDGELINE_CORE_ALS_ROW_STEP_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/als/half_step.h"
#include "core/als/solver.h"

namespace ridgeline {

/// One row of a half step by any solver. `factors` [K] and `bias` hold the row as it is, from which the
/// iterative solvers start, and receive the improved one; the objective does not rise beyond rounding. A
/// Gramian must be given as its diagonal where the method for the row is kSubspace. Otherwise as
/// SolveHalfStepRow, which kExact is, and every solver where NeedsExactSolver.
absl::Status StepRow(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                     absl::Span<const float> values, const SolverOptions& solver,
                     HalfStepWorkspace& workspace, absl::Span<float> factors, float* bias);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_ROW_STEP_H_
