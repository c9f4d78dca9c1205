#ifndef RIDGELINE_CORE_ALS_HALF_STEP_H_
#define RIDGELINE_CORE_ALS_HALF_STEP_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/als/row_system.h"
#include "core/als/solver.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/dataset/csr_matrix.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// Solves one row exactly: training and fold-in are this very function. `columns` [n] are rows of the other
/// side in ascending order, `values` [n] their ratings or weights. Writes `factors` [K], none below 0 with
/// non_negative, and `bias`. A row without entries becomes zero. kInternal when the system cannot be solved:
/// its numbers overflow float32 or are not finite.
absl::Status SolveHalfStepRow(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                              absl::Span<const float> values, HalfStepWorkspace& workspace,
                              absl::Span<float> factors, float* bias);

/// Solves every row of `matrix` [rows x other rows] into `solved`, which takes that shape, in parallel; the
/// bits do not depend on the number of threads. An iterative `solver` starts from the rows that `solved`
/// holds, zeros where it has another shape; see StepRow. kCancelled, checked every few rows; else the first
/// error by row order, naming the row. `solved` is then part old, part new.
absl::Status SolveHalfStep(const FixedSide& fixed, const CsrMatrix& matrix, Arena& arena,
                           const CancellationToken* cancellation, FactorMatrix* solved,
                           const SolverOptions& solver = {Solver::kExact});

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_HALF_STEP_H_
