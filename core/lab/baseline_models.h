#ifndef RIDGELINE_CORE_LAB_BASELINE_MODELS_H_
#define RIDGELINE_CORE_LAB_BASELINE_MODELS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/evaluation/evaluator.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// What every evaluated model is shown beside. A plain value.
struct BaselineModels {
  std::shared_ptr<const FactorModel> popularity;
  /// Biases alone at several regularizations; none for implicit feedback, which has no ratings.
  std::vector<std::shared_ptr<const FactorModel>> bias;
};

/// The errors of the trainers.
absl::StatusOr<BaselineModels> TrainBaselines(const Dataset& dataset);

/// Each baseline's metrics by its name: "popularity" without rating errors, since it predicts none, and
/// "bias" at the regularization with the lowest test RMSE, given as "regularization": chosen on the test set,
/// so that the model is compared with the best that biases alone can do. "bias" is empty for implicit
/// feedback. The errors of Evaluate.
absl::StatusOr<std::map<std::string, std::map<std::string, double>>> EvaluateBaselines(
    const BaselineModels& baselines, const HeldOut& held_out, const EvaluationOptions& options, Arena& arena);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_BASELINE_MODELS_H_
