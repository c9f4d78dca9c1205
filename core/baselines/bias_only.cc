#include "core/baselines/bias_only.h"

#include <cmath>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/als/bias_initialization.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

constexpr int kMaxBiasIterations = 10'000;

absl::Status Validate(const Dataset& dataset, const BiasOnlyOptions& options) {
  if (dataset.by_user.entries() == 0) return absl::InvalidArgumentError("dataset: is empty");
  if (dataset.feedback != Feedback::kExplicit) {
    return absl::InvalidArgumentError("feedback: biases alone are fitted to explicit ratings only");
  }
  if (!std::isfinite(options.regularization) || options.regularization <= 0.0) {
    return absl::InvalidArgumentError(
        absl::StrCat("bias_regularization: must be a finite number above 0, got ", options.regularization));
  }
  if (options.iterations < 1 || options.iterations > kMaxBiasIterations) {
    return absl::InvalidArgumentError(
        absl::StrCat("iterations: must be between 1 and ", kMaxBiasIterations, ", got ", options.iterations));
  }
  return absl::OkStatus();
}

// A fold-in of the model solves (n + lambda) b = sum (r - mu - b_i): the very form that the biases were
// fitted by.
Hyperparameters HyperparametersOf(const BiasOnlyOptions& options) {
  Hyperparameters hyperparameters;
  hyperparameters.feedback = Feedback::kExplicit;
  hyperparameters.factors = 0;
  hyperparameters.bias_regularization = options.regularization;
  hyperparameters.regularization_scaling = RegularizationScaling::kNone;
  return hyperparameters;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainBiasOnly(const Dataset& dataset,
                                                                 const BiasOnlyOptions& options) {
  RIDGELINE_RETURN_IF_ERROR(Validate(dataset, options));
  FactorModelParts parts;
  parts.hyperparameters = HyperparametersOf(options);
  parts.global_mean = MeanValue(dataset.by_user);
  parts.user_ids = dataset.users;
  parts.item_ids = dataset.items;
  parts.items.biases.resize(dataset.by_item.rows);
  for (int i = 0; i < options.iterations; ++i) {
    parts.users.biases =
        SolveBiases(dataset.by_user, parts.global_mean, parts.items.biases, options.regularization);
    parts.items.biases =
        SolveBiases(dataset.by_item, parts.global_mean, parts.users.biases, options.regularization);
  }
  for (uint32_t item = 0; item < dataset.by_item.rows; ++item) {
    parts.item_popularity.push_back(static_cast<float>(dataset.by_item.RowEntries(item)));
  }
  return FactorModel::Create(std::move(parts));
}

}  // namespace ridgeline
