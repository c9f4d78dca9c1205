#ifndef RIDGELINE_CORE_TRAINING_MODEL_VALIDATION_H_
#define RIDGELINE_CORE_TRAINING_MODEL_VALIDATION_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/dataset/interaction_table.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// How well `model`, trained on `train`, predicts `test`, which shares its id maps, beside the baseline
/// trained on the same: "validation_rmse" and "bias_only_rmse" for explicit feedback, "validation_ndcg@20"
/// and "popularity_ndcg@20", over at most 10,000 users, for implicit. The errors of Evaluate.
absl::StatusOr<std::map<std::string, double>> ValidateModel(const FactorModel& model, const Dataset& train,
                                                            const InteractionTable& test, Arena& arena);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_MODEL_VALIDATION_H_
