#ifndef RIDGELINE_CORE_ALS_ROW_SYSTEM_H_
#define RIDGELINE_CORE_ALS_ROW_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/als/solver.h"
#include "core/kernels/kernels.h"
#include "core/model/factor_model.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// The fixed side of a half step, shared by all rows solved against it. Views: the factors must outlive it.
/// Immutable, thus thread-safe.
struct FixedSide {
  const Hyperparameters* hyperparameters = nullptr;
  const FactorMatrix* other = nullptr;  ///< [other rows x K] with biases
  /// [K x K] of `other`, with implicit biases its ExtendedGramian [K + 1 x K + 1]; implicit models only.
  const std::vector<float>* gramian = nullptr;
  double global_mean = 0.0;
  /// [K] in place of `gramian` where `other` lies in its principal axes, see TurnToPrincipalAxes.
  const std::vector<float>* gramian_diagonal = nullptr;
  const std::vector<float>* bias_moment = nullptr;  ///< [K + 1] of `other`; with implicit biases only
  /// The last so many rows of `other` are in none of these sums, see FactorModelParts::placed_items.
  uint32_t placed_rows = 0;

  size_t trained_rows() const { return other->rows() - placed_rows; }
};

/// The items of `model` as fold-in of users sees them; the model must outlive the result.
FixedSide FixedItems(const FactorModel& model);

/// The users of `model` as fold-in of items sees them; the model must outlive the result.
FixedSide FixedUsers(const FactorModel& model);

/// Scratch memory of SolveHalfStepRow; one a thread.
struct HalfStepWorkspace {
  kernels::RowWorkspace row;
  std::vector<float> weights;     ///< [entries]
  std::vector<float> targets;     ///< [entries]
  std::vector<float> ridge;       ///< [dimension]
  std::vector<float> right_side;  ///< [dimension]
  std::vector<float> solution;    ///< [dimension]
};

/// The ridge system of one row; see SolveHalfStepRow for `columns` and `values`. Views into `fixed`,
/// `columns` and `workspace`, so it lives until the next call with that workspace. Explicit: the targets are
/// r - mu - (the other side's bias), and a one is appended whose coordinate is this row's bias. Implicit,
/// with c the Confidence of a value: base alpha0 * Gramian, weights c, targets c (iALS) or alpha0 + c (Hu),
/// no bias. Implicit with biases, where b are those of the other side and h = (f, 1): base alpha0 sum h h^T
/// over all its rows, and as all of them are pulled to 0 with their biases, the right side sum (c (1 - b)) h,
/// with alpha0 h added an entry in Hu's form, less alpha0 sum b h over all rows. An entry with a placed row
/// brings its own share of the sums over all rows, so that its loss is that of any entry.
kernels::RowSystem BuildRowSystem(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                                  absl::Span<const float> values, HalfStepWorkspace& workspace);

/// Whether only the exact solver can solve the rows: factors kept at 0 or above, or biases of implicit
/// models.
bool NeedsExactSolver(const Hyperparameters& hyperparameters);

/// kInvalidArgument beginning with "solver" when it is an iterative one and the rows need the exact one;
/// kAuto then is that.
absl::Status ValidateSolverFits(Solver solver, const Hyperparameters& hyperparameters);

/// `lambda`, which is that of factors or of biases, for a row with `entries` entries against `other_rows`
/// rows: scaled as the hyperparameters say.
double RowRegularization(const Hyperparameters& hyperparameters, double lambda, int64_t entries,
                         int64_t other_rows);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_ROW_SYSTEM_H_
