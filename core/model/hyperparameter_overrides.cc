#include "core/model/hyperparameter_overrides.h"

#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

absl::Status OverrideNamed(const HyperparameterOverrides& overrides, Hyperparameters& h) {
  if (overrides.regularization_scaling.has_value()) {
    RIDGELINE_ASSIGN_OR_RETURN(h.regularization_scaling,
                               ParseRegularizationScaling(*overrides.regularization_scaling));
  }
  if (overrides.confidence_form.has_value()) {
    RIDGELINE_ASSIGN_OR_RETURN(h.confidence_form, ParseConfidenceForm(*overrides.confidence_form));
  }
  if (overrides.confidence_scaling.has_value()) {
    RIDGELINE_ASSIGN_OR_RETURN(h.confidence_scaling, ParseConfidenceScaling(*overrides.confidence_scaling));
  }
  if (overrides.event_type_weights.has_value()) {
    RIDGELINE_ASSIGN_OR_RETURN(h.event_weight.type_factors,
                               ParseEventTypeWeights(*overrides.event_type_weights));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Hyperparameters> ResolveHyperparameters(Feedback feedback,
                                                       const HyperparameterOverrides& overrides) {
  Hyperparameters h = DefaultHyperparameters(feedback);
  h.factors = overrides.factors.value_or(h.factors);
  h.regularization = overrides.regularization.value_or(h.regularization);
  h.bias_regularization = overrides.bias_regularization.value_or(h.bias_regularization);
  h.frequency_exponent = overrides.frequency_exponent.value_or(h.frequency_exponent);
  h.unobserved_weight = overrides.unobserved_weight.value_or(h.unobserved_weight);
  h.confidence_scale = overrides.confidence_scale.value_or(h.confidence_scale);
  h.confidence_epsilon = overrides.confidence_epsilon.value_or(h.confidence_epsilon);
  h.implicit_biases = overrides.implicit_biases.value_or(h.implicit_biases);
  h.event_weight.half_life_days = overrides.half_life_days.value_or(h.event_weight.half_life_days);
  h.non_negative = overrides.non_negative.value_or(h.non_negative);
  RIDGELINE_RETURN_IF_ERROR(OverrideNamed(overrides, h));
  RIDGELINE_RETURN_IF_ERROR(ValidateHyperparameters(h));
  return h;
}

}  // namespace ridgeline
