#ifndef RIDGELINE_CORE_ALS_ALS_TRAINER_H_
#define RIDGELINE_CORE_ALS_ALS_TRAINER_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// How a training runs, beside what it minimizes.
struct AlsOptions {
  Hyperparameters hyperparameters;
  int iterations = 16;  ///< an iteration solves every user, then every item; 1 to 10,000
  uint64_t seed = 1;    ///< of the initial factors
  /// Stops when an iteration lowers the objective by less than this share; 0 never stops early.
  double tolerance = 0.0;
};

/// A training at the end of an iteration.
struct AlsProgress {
  int iteration = 0;  ///< 1, 2, ..., iterations
  int iterations = 0;
  double objective = 0.0;  ///< see Objective
  absl::Duration elapsed;  ///< since training began
  absl::Duration iteration_time;
  absl::Duration eta;  ///< time left, by the iterations so far
};

/// What Train takes besides the data. The pointers may be null and must outlive the call.
struct AlsRun {
  Arena* arena = nullptr;  ///< required
  const CancellationToken* cancellation = nullptr;
  std::function<void(const AlsProgress&)> on_progress;  ///< called on the training thread
  /// Starts from this model's item factors and biases for the ids it knows (the users are solved from them
  /// first); its K and feedback must equal the options'.
  const FactorModel* warm_start = nullptr;
};

/// Trains by exact alternating least squares: each half step solves every row's ridge system by Cholesky with
/// the other side fixed; explicit models solve a row's bias jointly with its factors, as coordinate K + 1.
/// Rows without entries are zero from the start, since the Gramian counts every row. The same data, options
/// and seed give the same bits at any number of threads. kInvalidArgument naming the option, "dataset" when
/// it is empty or holds a value that is not finite (or not positive, implicit), "feedback" when it is not the
/// dataset's, "arena" when there is none, or "warm_start"; kCancelled; kInternal when a system cannot be
/// solved, see SolveHalfStepRow.
absl::StatusOr<std::shared_ptr<const FactorModel>> TrainAls(const Dataset& dataset, const AlsOptions& options,
                                                            const AlsRun& run);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_ALS_TRAINER_H_
