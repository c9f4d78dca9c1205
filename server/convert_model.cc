#include "server/convert_model.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/convert_time.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

absl::Status UnknownValue(absl::string_view field, int value) {
  return FieldError(absl::StrCat("hyperparameters.", field), absl::StrCat("is not a known value: ", value));
}

absl::Status OverrideEnums(const v1::Hyperparameters& overrides, Hyperparameters* result) {
  switch (overrides.feedback_kind()) {
    case v1::FEEDBACK_KIND_UNSPECIFIED:
      break;
    case v1::FEEDBACK_KIND_EXPLICIT:
      result->feedback = Feedback::kExplicit;
      break;
    case v1::FEEDBACK_KIND_IMPLICIT:
      result->feedback = Feedback::kImplicit;
      break;
    default:
      return UnknownValue("feedback_kind", overrides.feedback_kind());
  }
  switch (overrides.regularization_scaling()) {
    case v1::REGULARIZATION_SCALING_UNSPECIFIED:
      break;
    case v1::REGULARIZATION_SCALING_NONE:
      result->regularization_scaling = RegularizationScaling::kNone;
      break;
    case v1::REGULARIZATION_SCALING_FREQUENCY:
      result->regularization_scaling = RegularizationScaling::kFrequency;
      break;
    default:
      return UnknownValue("regularization_scaling", overrides.regularization_scaling());
  }
  switch (overrides.confidence_form()) {
    case v1::CONFIDENCE_FORM_UNSPECIFIED:
      break;
    case v1::CONFIDENCE_FORM_IALS:
      result->confidence_form = ConfidenceForm::kIals;
      break;
    case v1::CONFIDENCE_FORM_HU:
      result->confidence_form = ConfidenceForm::kHu;
      break;
    default:
      return UnknownValue("confidence_form", overrides.confidence_form());
  }
  return absl::OkStatus();
}

void SetImplicitFields(const Hyperparameters& hyperparameters, v1::Hyperparameters* message) {
  message->set_unobserved_weight(hyperparameters.unobserved_weight);
  message->set_confidence_scale(hyperparameters.confidence_scale);
  message->set_confidence_form(hyperparameters.confidence_form == ConfidenceForm::kHu
                                   ? v1::CONFIDENCE_FORM_HU
                                   : v1::CONFIDENCE_FORM_IALS);
}

}  // namespace

v1::Hyperparameters ToProto(const Hyperparameters& hyperparameters) {
  const bool implicit = hyperparameters.feedback == Feedback::kImplicit;
  const bool scaled = hyperparameters.regularization_scaling == RegularizationScaling::kFrequency;
  v1::Hyperparameters message;
  message.set_feedback_kind(implicit ? v1::FEEDBACK_KIND_IMPLICIT : v1::FEEDBACK_KIND_EXPLICIT);
  message.set_factors(hyperparameters.factors);
  message.set_regularization(hyperparameters.regularization);
  message.set_regularization_scaling(scaled ? v1::REGULARIZATION_SCALING_FREQUENCY
                                            : v1::REGULARIZATION_SCALING_NONE);
  if (scaled) message.set_frequency_exponent(hyperparameters.frequency_exponent);
  if (implicit) {
    SetImplicitFields(hyperparameters, &message);
  } else {
    message.set_bias_regularization(hyperparameters.bias_regularization);
  }
  return message;
}

absl::StatusOr<Hyperparameters> Override(const Hyperparameters& base, const v1::Hyperparameters& overrides) {
  Hyperparameters result = base;
  RIDGELINE_RETURN_IF_ERROR(OverrideEnums(overrides, &result));
  if (overrides.has_factors()) {
    // A model without factors cannot be trained.
    RIDGELINE_RETURN_IF_ERROR(CheckRange("hyperparameters.factors", overrides.factors(), 1, 4096));
    result.factors = overrides.factors();
  }
  if (overrides.has_regularization()) result.regularization = overrides.regularization();
  if (overrides.has_bias_regularization()) result.bias_regularization = overrides.bias_regularization();
  if (overrides.has_frequency_exponent()) result.frequency_exponent = overrides.frequency_exponent();
  if (overrides.has_unobserved_weight()) result.unobserved_weight = overrides.unobserved_weight();
  if (overrides.has_confidence_scale()) result.confidence_scale = overrides.confidence_scale();
  RIDGELINE_RETURN_IF_ERROR(Within("hyperparameters", ValidateHyperparameters(result)));
  return result;
}

v1::Model ToProto(const ModelInfo& info, absl::string_view live_version) {
  v1::Model message;
  message.set_version(info.version);
  *message.mutable_hyperparameters() = ToProto(info.hyperparameters);
  message.set_user_count(info.users);
  message.set_item_count(info.items);
  message.set_interaction_count(info.interactions);
  message.set_trained_through_sequence(static_cast<int64_t>(info.trained_through_sequence));
  *message.mutable_create_time() = ToProto(info.create_time);
  message.mutable_metrics()->insert(info.metrics.begin(), info.metrics.end());
  message.set_live(!info.version.empty() && absl::string_view(info.version) == live_version);
  message.set_algorithm(info.algorithm);
  message.set_iterations(info.iterations);
  message.set_seed(info.seed);
  return message;
}

}  // namespace ridgeline
