#ifndef RIDGELINE_CORE_ALS_HALF_STEP_H_
#define RIDGELINE_CORE_ALS_HALF_STEP_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/dataset/csr_matrix.h"
#include "core/kernels/kernels.h"
#include "core/model/factor_model.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// The fixed side of a half step, shared by all rows solved against it. Views: the factors must outlive it.
/// Immutable, thus thread-safe.
struct FixedSide {
  const Hyperparameters* hyperparameters = nullptr;
  const FactorMatrix* other = nullptr;          ///< [other rows x K] with biases
  const std::vector<float>* gramian = nullptr;  ///< [K x K] of `other`; implicit models only
  double global_mean = 0.0;
};

/// Scratch memory of SolveHalfStepRow; one a thread.
struct HalfStepWorkspace {
  kernels::RowWorkspace row;
  std::vector<float> weights;   ///< [entries]
  std::vector<float> targets;   ///< [entries]
  std::vector<float> ridge;     ///< [dimension]
  std::vector<float> solution;  ///< [dimension]
};

/// The ridge system of one row; see SolveHalfStepRow for `columns` and `values`. Views into `fixed`,
/// `columns` and `workspace`, so it lives until the next call with that workspace. Explicit: the targets are
/// r - mu - (the other side's bias), and a one is appended whose coordinate is this row's bias. Implicit,
/// with c = confidence_scale * value: base alpha0 * Gramian, weights c, targets c (iALS) or alpha0 + c (Hu),
/// no bias.
kernels::RowSystem BuildRowSystem(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                                  absl::Span<const float> values, HalfStepWorkspace& workspace);

/// Solves one row exactly: training and fold-in are this very function. `columns` [n] are rows of the other
/// side in ascending order, `values` [n] their ratings or weights. Writes `factors` [K] and `bias`. A row
/// without entries becomes zero. kInternal when the system cannot be solved: its numbers overflow float32 or
/// are not finite.
absl::Status SolveHalfStepRow(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                              absl::Span<const float> values, HalfStepWorkspace& workspace,
                              absl::Span<float> factors, float* bias);

/// `lambda`, which is that of factors or of biases, for a row with `entries` entries against `other_rows`
/// rows: scaled as the hyperparameters say.
double RowRegularization(const Hyperparameters& hyperparameters, double lambda, int64_t entries,
                         int64_t other_rows);

/// Solves every row of `matrix` [rows x other rows] into `solved`, which takes that shape, in parallel; the
/// bits do not depend on the number of threads. kCancelled, checked every few rows; else the first error by
/// row order, naming the row. `solved` is then part old, part new.
absl::Status SolveHalfStep(const FixedSide& fixed, const CsrMatrix& matrix, Arena& arena,
                           const CancellationToken* cancellation, FactorMatrix* solved);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_HALF_STEP_H_
