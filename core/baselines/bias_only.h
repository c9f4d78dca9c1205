#ifndef RIDGELINE_CORE_BASELINES_BIAS_ONLY_H_
#define RIDGELINE_CORE_BASELINES_BIAS_ONLY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// How the biases are fitted.
struct BiasOnlyOptions {
  double regularization = 5.0;  ///< lambda_b in b_u = sum(r - mu - b_i) / (n_u + lambda_b); above 0
  int iterations = 10;          ///< rounds of users, then items; 1 to 10,000
};

/// Rating = mu + b_u + b_i, by alternating closed forms: what a rating model must beat. A model with K = 0.
/// kInvalidArgument when the dataset is empty or not of ratings, or an option is out of range.
absl::StatusOr<std::shared_ptr<const FactorModel>> TrainBiasOnly(const Dataset& dataset,
                                                                 const BiasOnlyOptions& options);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASELINES_BIAS_ONLY_H_
