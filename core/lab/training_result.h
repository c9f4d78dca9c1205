#ifndef RIDGELINE_CORE_LAB_TRAINING_RESULT_H_
#define RIDGELINE_CORE_LAB_TRAINING_RESULT_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/lab/training_flags.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// A trained model with what its training cost. A plain value.
struct TrainingResult {
  std::shared_ptr<const FactorModel> model;
  double train_seconds = 0.0;         ///< wall time of the whole training, reading not included
  std::vector<double> epoch_seconds;  ///< one an iteration; empty for baselines
  std::vector<double> objective;      ///< after each iteration; empty for baselines
};

/// Trains by `options.algorithm`; ALS starts from `warm_start` when it is not null. The errors of its
/// trainer.
absl::StatusOr<TrainingResult> TrainModel(const Dataset& dataset, const TrainingOptions& options,
                                          Arena& arena, const FactorModel* warm_start = nullptr);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_TRAINING_RESULT_H_
