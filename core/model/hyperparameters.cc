#include "core/model/hyperparameters.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

constexpr int kMaxFactors = 4096;
constexpr double kMaxFrequencyExponent = 2.0;

absl::Status ValidateFinite(absl::string_view field, double value) {
  if (std::isfinite(value)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(field, ": must be a finite number, got ", value));
}

absl::Status ValidatePositive(absl::string_view field, double value) {
  RIDGELINE_RETURN_IF_ERROR(ValidateFinite(field, value));
  if (value > 0.0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(field, ": must be above 0, got ", value));
}

absl::Status ValidateInRange(absl::string_view field, double value, double low, double high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be between ", low, " and ", high, ", got ", value));
}

absl::Status ValidateImplicit(const Hyperparameters& hyperparameters) {
  RIDGELINE_RETURN_IF_ERROR(ValidatePositive("unobserved_weight", hyperparameters.unobserved_weight));
  RIDGELINE_RETURN_IF_ERROR(ValidatePositive("confidence_scale", hyperparameters.confidence_scale));
  if (hyperparameters.confidence_scaling == ConfidenceScaling::kLog) {
    RIDGELINE_RETURN_IF_ERROR(ValidatePositive("confidence_epsilon", hyperparameters.confidence_epsilon));
  }
  if (!hyperparameters.implicit_biases) return absl::OkStatus();
  return ValidatePositive("bias_regularization", hyperparameters.bias_regularization);
}

absl::Status ImplicitOnly(absl::string_view field, bool is_used) {
  if (!is_used) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(field, ": is for implicit feedback only"));
}

absl::Status ValidateExplicit(const Hyperparameters& h) {
  RIDGELINE_RETURN_IF_ERROR(
      ImplicitOnly("confidence_scaling", h.confidence_scaling != ConfidenceScaling::kLinear));
  RIDGELINE_RETURN_IF_ERROR(ImplicitOnly("implicit_biases", h.implicit_biases));
  RIDGELINE_RETURN_IF_ERROR(ImplicitOnly("event_type_weights", !h.event_weight.type_factors.empty()));
  RIDGELINE_RETURN_IF_ERROR(ImplicitOnly("half_life_days", h.event_weight.half_life_days != 0.0));
  return ValidatePositive("bias_regularization", h.bias_regularization);
}

absl::Status UnknownName(absl::string_view field, absl::string_view choices, absl::string_view name) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": must be ", choices, ", got '", name, "'"));
}

}  // namespace

Hyperparameters DefaultHyperparameters(Feedback feedback) {
  Hyperparameters hyperparameters;
  hyperparameters.feedback = feedback;
  if (feedback == Feedback::kExplicit) hyperparameters.regularization = 1.2;
  return hyperparameters;
}

absl::Status ValidateHyperparameters(const Hyperparameters& h) {
  RIDGELINE_RETURN_IF_ERROR(ValidateInRange("factors", h.factors, 0, kMaxFactors));
  RIDGELINE_RETURN_IF_ERROR(ValidatePositive("regularization", h.regularization));
  RIDGELINE_RETURN_IF_ERROR(ValidateFinite("bias_regularization", h.bias_regularization));
  RIDGELINE_RETURN_IF_ERROR(
      ValidateInRange("frequency_exponent", h.frequency_exponent, 0.0, kMaxFrequencyExponent));
  RIDGELINE_RETURN_IF_ERROR(ValidateFinite("unobserved_weight", h.unobserved_weight));
  RIDGELINE_RETURN_IF_ERROR(ValidateFinite("confidence_scale", h.confidence_scale));
  RIDGELINE_RETURN_IF_ERROR(ValidateFinite("confidence_epsilon", h.confidence_epsilon));
  RIDGELINE_RETURN_IF_ERROR(ValidateEventWeight(h.event_weight));
  return h.feedback == Feedback::kImplicit ? ValidateImplicit(h) : ValidateExplicit(h);
}

absl::string_view FeedbackName(Feedback feedback) {
  return feedback == Feedback::kExplicit ? "explicit" : "implicit";
}

absl::string_view RegularizationScalingName(RegularizationScaling scaling) {
  return scaling == RegularizationScaling::kNone ? "none" : "frequency";
}

absl::string_view ConfidenceFormName(ConfidenceForm form) {
  return form == ConfidenceForm::kIals ? "ials" : "hu";
}

absl::string_view ConfidenceScalingName(ConfidenceScaling scaling) {
  return scaling == ConfidenceScaling::kLinear ? "linear" : "log";
}

absl::StatusOr<Feedback> ParseFeedback(absl::string_view name) {
  if (name == "explicit") return Feedback::kExplicit;
  if (name == "implicit") return Feedback::kImplicit;
  return UnknownName("feedback", "explicit or implicit", name);
}

absl::StatusOr<RegularizationScaling> ParseRegularizationScaling(absl::string_view name) {
  if (name == "none") return RegularizationScaling::kNone;
  if (name == "frequency") return RegularizationScaling::kFrequency;
  return UnknownName("regularization_scaling", "none or frequency", name);
}

absl::StatusOr<ConfidenceForm> ParseConfidenceForm(absl::string_view name) {
  if (name == "ials") return ConfidenceForm::kIals;
  if (name == "hu") return ConfidenceForm::kHu;
  return UnknownName("confidence_form", "ials or hu", name);
}

absl::StatusOr<ConfidenceScaling> ParseConfidenceScaling(absl::string_view name) {
  if (name == "linear") return ConfidenceScaling::kLinear;
  if (name == "log") return ConfidenceScaling::kLog;
  return UnknownName("confidence_scaling", "linear or log", name);
}

}  // namespace ridgeline
