#ifndef RIDGELINE_CORE_BASELINES_POPULARITY_H_
#define RIDGELINE_CORE_BASELINES_POPULARITY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// The same ranking for everybody, by an item's share of all ratings (explicit) or of the sum of all weights
/// (implicit). A model with K = 0 whose item biases are these shares. kInvalidArgument when the dataset is
/// empty.
absl::StatusOr<std::shared_ptr<const FactorModel>> TrainPopularity(const Dataset& dataset);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASELINES_POPULARITY_H_
