#ifndef RIDGELINE_CORE_MODEL_HYPERPARAMETER_OVERRIDES_H_
#define RIDGELINE_CORE_MODEL_HYPERPARAMETER_OVERRIDES_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/model/hyperparameters.h"

namespace ridgeline {

/// Hyperparameters as a command line gives them: those left out follow the kind of feedback. The fields mean
/// what they mean in Hyperparameters; enums are spelled as their Parse functions read them. A plain value.
struct HyperparameterOverrides {
  std::optional<int> factors;
  std::optional<double> regularization;
  std::optional<double> bias_regularization;
  std::optional<std::string> regularization_scaling;
  std::optional<double> frequency_exponent;
  std::optional<double> unobserved_weight;
  std::optional<double> confidence_scale;
  std::optional<std::string> confidence_form;
  std::optional<std::string> confidence_scaling;
  std::optional<double> confidence_epsilon;
  std::optional<bool> implicit_biases;
  std::optional<std::string> event_type_weights;  ///< as ParseEventTypeWeights reads them
  std::optional<double> half_life_days;
  std::optional<bool> non_negative;
};

/// DefaultHyperparameters of `feedback` with `overrides` in place. kInvalidArgument beginning with the name
/// of the first field that is out of range or not a known name.
absl::StatusOr<Hyperparameters> ResolveHyperparameters(Feedback feedback,
                                                       const HyperparameterOverrides& overrides);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_HYPERPARAMETER_OVERRIDES_H_
