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

absl::Status OverrideFeedback(const v1::Hyperparameters& overrides, Hyperparameters* result) {
  switch (overrides.feedback_kind()) {
    case v1::FEEDBACK_KIND_UNSPECIFIED:
      return absl::OkStatus();
    case v1::FEEDBACK_KIND_EXPLICIT:
      result->feedback = Feedback::kExplicit;
      return absl::OkStatus();
    case v1::FEEDBACK_KIND_IMPLICIT:
      result->feedback = Feedback::kImplicit;
      return absl::OkStatus();
    default:
      return UnknownValue("feedback_kind", overrides.feedback_kind());
  }
}

absl::Status OverrideRegularizationScaling(const v1::Hyperparameters& overrides, Hyperparameters* result) {
  switch (overrides.regularization_scaling()) {
    case v1::REGULARIZATION_SCALING_UNSPECIFIED:
      return absl::OkStatus();
    case v1::REGULARIZATION_SCALING_NONE:
      result->regularization_scaling = RegularizationScaling::kNone;
      return absl::OkStatus();
    case v1::REGULARIZATION_SCALING_FREQUENCY:
      result->regularization_scaling = RegularizationScaling::kFrequency;
      return absl::OkStatus();
    default:
      return UnknownValue("regularization_scaling", overrides.regularization_scaling());
  }
}

absl::Status OverrideConfidenceForm(const v1::Hyperparameters& overrides, Hyperparameters* result) {
  switch (overrides.confidence_form()) {
    case v1::CONFIDENCE_FORM_UNSPECIFIED:
      return absl::OkStatus();
    case v1::CONFIDENCE_FORM_IALS:
      result->confidence_form = ConfidenceForm::kIals;
      return absl::OkStatus();
    case v1::CONFIDENCE_FORM_HU:
      result->confidence_form = ConfidenceForm::kHu;
      return absl::OkStatus();
    default:
      return UnknownValue("confidence_form", overrides.confidence_form());
  }
}

absl::Status OverrideConfidenceScaling(const v1::Hyperparameters& overrides, Hyperparameters* result) {
  switch (overrides.confidence_scaling()) {
    case v1::CONFIDENCE_SCALING_UNSPECIFIED:
      return absl::OkStatus();
    case v1::CONFIDENCE_SCALING_LINEAR:
      result->confidence_scaling = ConfidenceScaling::kLinear;
      return absl::OkStatus();
    case v1::CONFIDENCE_SCALING_LOG:
      result->confidence_scaling = ConfidenceScaling::kLog;
      return absl::OkStatus();
    default:
      return UnknownValue("confidence_scaling", overrides.confidence_scaling());
  }
}

absl::Status OverrideEnums(const v1::Hyperparameters& overrides, Hyperparameters* result) {
  RIDGELINE_RETURN_IF_ERROR(OverrideFeedback(overrides, result));
  RIDGELINE_RETURN_IF_ERROR(OverrideRegularizationScaling(overrides, result));
  RIDGELINE_RETURN_IF_ERROR(OverrideConfidenceForm(overrides, result));
  return OverrideConfidenceScaling(overrides, result);
}

void OverrideWeights(const v1::Hyperparameters& overrides, Hyperparameters* result) {
  if (overrides.has_unobserved_weight()) result->unobserved_weight = overrides.unobserved_weight();
  if (overrides.has_confidence_scale()) result->confidence_scale = overrides.confidence_scale();
  if (overrides.has_confidence_epsilon()) result->confidence_epsilon = overrides.confidence_epsilon();
  if (overrides.has_half_life_days()) result->event_weight.half_life_days = overrides.half_life_days();
  if (!overrides.has_event_type_weights()) return;
  const auto& weights = overrides.event_type_weights().weights();
  result->event_weight.type_factors = {weights.begin(), weights.end()};
}

void SetConfidence(const Hyperparameters& hyperparameters, v1::Hyperparameters* message) {
  const bool is_hu = hyperparameters.confidence_form == ConfidenceForm::kHu;
  const bool is_log = hyperparameters.confidence_scaling == ConfidenceScaling::kLog;
  message->set_unobserved_weight(hyperparameters.unobserved_weight);
  message->set_confidence_scale(hyperparameters.confidence_scale);
  message->set_confidence_form(is_hu ? v1::CONFIDENCE_FORM_HU : v1::CONFIDENCE_FORM_IALS);
  message->set_confidence_scaling(is_log ? v1::CONFIDENCE_SCALING_LOG : v1::CONFIDENCE_SCALING_LINEAR);
  if (is_log) message->set_confidence_epsilon(hyperparameters.confidence_epsilon);
}

void SetEventWeight(const EventWeight& weight, v1::Hyperparameters* message) {
  auto& weights = *message->mutable_event_type_weights()->mutable_weights();
  weights.insert(weight.type_factors.begin(), weight.type_factors.end());
  message->set_half_life_days(weight.half_life_days);
  if (weight.half_life_days == 0.0) return;
  *message->mutable_decay_reference_time() = ToProto(absl::FromUnixMicros(weight.reference_time));
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
  if (HasBiases(hyperparameters)) message.set_bias_regularization(hyperparameters.bias_regularization);
  message.set_non_negative(hyperparameters.non_negative);
  if (!implicit) return message;
  message.set_implicit_biases(hyperparameters.implicit_biases);
  SetConfidence(hyperparameters, &message);
  SetEventWeight(hyperparameters.event_weight, &message);
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
  if (overrides.has_implicit_biases()) result.implicit_biases = overrides.implicit_biases();
  if (overrides.has_non_negative()) result.non_negative = overrides.non_negative();
  OverrideWeights(overrides, &result);
  RIDGELINE_RETURN_IF_ERROR(Within("hyperparameters", ValidateHyperparameters(result)));
  return result;
}

v1::Experiment ToProto(const Experiment& experiment) {
  v1::Experiment message;
  message.set_id(experiment.id);
  message.set_live_version(experiment.live_version);
  message.set_candidate_version(experiment.candidate_version);
  message.set_share(experiment.share);
  *message.mutable_start_time() = ToProto(experiment.start_time);
  return message;
}

v1::Model ToProto(const ModelInfo& info, absl::string_view live_version) {
  v1::Model message;
  message.set_version(info.version);
  *message.mutable_hyperparameters() = ToProto(info.hyperparameters);
  message.set_user_count(info.users);
  message.set_item_count(info.items);
  message.set_placed_item_count(info.placed_items);
  message.set_interaction_count(info.interactions);
  message.set_trained_through_sequence(static_cast<int64_t>(info.trained_through_sequence));
  *message.mutable_create_time() = ToProto(info.create_time);
  message.mutable_metrics()->insert(info.metrics.begin(), info.metrics.end());
  message.set_live(!info.version.empty() && absl::string_view(info.version) == live_version);
  message.set_algorithm(info.algorithm);
  message.set_iterations(info.iterations);
  message.set_seed(info.seed);
  message.set_held_back_reason(info.held_back);
  return message;
}

}  // namespace ridgeline
