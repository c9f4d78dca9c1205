#ifndef RIDGELINE_CORE_ALS_ALS_TRAINER_H_
#define RIDGELINE_CORE_ALS_ALS_TRAINER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/als/solver.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// How a training runs, beside what it minimizes.
struct AlsOptions {
  Hyperparameters hyperparameters;
  int iterations = 16;   ///< an iteration solves every user, then every item; 1 to 10,000
  uint64_t seed = 1;     ///< of the initial factors
  SolverOptions solver;  ///< of all iterations but the last, which is exact
  /// Stops when an iteration lowers the objective by less than this share, after one exact iteration more if
  /// it was not exact; below 1, 0 never stops early.
  double tolerance = 0.0;
};

/// kInvalidArgument beginning with the name of the first option that is out of range, or solver when it
/// cannot solve what the hyperparameters ask for.
absl::Status ValidateAlsOptions(const AlsOptions& options);

/// kInvalidArgument beginning with "warm_start" when a training with `options` cannot start from `model`: its
/// K and its kind of feedback must be the same.
absl::Status ValidateWarmStart(const AlsOptions& options, const FactorModel& model);

/// A training at the end of an iteration.
struct AlsProgress {
  int iteration = 0;  ///< 1, 2, ..., iterations
  int iterations = 0;
  double objective = 0.0;         ///< see Objective
  absl::Duration elapsed;         ///< since training began
  absl::Duration iteration_time;  ///< of the two half steps, the objective not counted
  absl::Duration eta;             ///< time left, by the iterations so far
};

/// What Train takes besides the data. The pointers may be null and must outlive the call.
struct AlsRun {
  Arena* arena = nullptr;  ///< required
  const CancellationToken* cancellation = nullptr;
  std::function<void(const AlsProgress&)> on_progress;  ///< called on the training thread
  /// Starts from this model's item factors and biases for the ids it knows (the users are solved from them
  /// first); see ValidateWarmStart.
  const FactorModel* warm_start = nullptr;
};

/// Trains by alternating least squares: each half step solves every row's ridge system with the other side
/// fixed, by `options.solver`; the last iteration is exact, and so is the first of the users, which have no
/// factors to start from. Models with biases solve a row's bias jointly with its factors, as coordinate K
/// + 1. Non-negative factors and biases of implicit models are always solved exactly. Rows without entries
/// are zero from the start, since the Gramian counts every row. The same data, options and seed give the same
/// bits at any number of threads. kInvalidArgument naming the option, "dataset" when it is empty or holds a
/// value that is not finite (or not positive, implicit), "feedback" when it is not the dataset's, "arena"
/// when there is none, or "warm_start"; kCancelled; kInternal when a system cannot be solved, see
/// SolveHalfStepRow.
absl::StatusOr<std::shared_ptr<const FactorModel>> TrainAls(const Dataset& dataset, const AlsOptions& options,
                                                            const AlsRun& run);

/// The popularity that models trained on `dataset` state, [items]: how often an item was rated (explicit), or
/// the sum of its weights (implicit).
std::vector<float> ItemPopularity(const Dataset& dataset);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_ALS_TRAINER_H_
