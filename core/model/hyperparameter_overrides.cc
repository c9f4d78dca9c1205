#include "core/model/hyperparameter_overrides.h"

#include "core/base/status_macros.h"

namespace ridgeline {

absl::StatusOr<Hyperparameters> ResolveHyperparameters(Feedback feedback,
                                                       const HyperparameterOverrides& overrides) {
  Hyperparameters h = DefaultHyperparameters(feedback);
  h.factors = overrides.factors.value_or(h.factors);
  h.regularization = overrides.regularization.value_or(h.regularization);
  h.bias_regularization = overrides.bias_regularization.value_or(h.bias_regularization);
  h.frequency_exponent = overrides.frequency_exponent.value_or(h.frequency_exponent);
  h.unobserved_weight = overrides.unobserved_weight.value_or(h.unobserved_weight);
  h.confidence_scale = overrides.confidence_scale.value_or(h.confidence_scale);
  if (overrides.regularization_scaling.has_value()) {
    RIDGELINE_ASSIGN_OR_RETURN(h.regularization_scaling,
                               ParseRegularizationScaling(*overrides.regularization_scaling));
  }
  if (overrides.confidence_form.has_value()) {
    RIDGELINE_ASSIGN_OR_RETURN(h.confidence_form, ParseConfidenceForm(*overrides.confidence_form));
  }
  RIDGELINE_RETURN_IF_ERROR(ValidateHyperparameters(h));
  return h;
}

}  // namespace ridgeline
