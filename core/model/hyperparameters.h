#ifndef RIDGELINE_CORE_MODEL_HYPERPARAMETERS_H_
#define RIDGELINE_CORE_MODEL_HYPERPARAMETERS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/dataset/event_weight.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// How lambda depends on a row's number of entries n.
enum class RegularizationScaling {
  kNone,       ///< lambda for every row
  kFrequency,  ///< lambda (n + unobserved_weight * N)^nu, N the other side's size (explicit: lambda n^nu)
};

/// What an observed value contributes to the implicit loss: its weight c in c (1 - s)^2.
enum class ConfidenceForm {
  kIals,  ///< c = confidence_scale * value on top of unobserved_weight for all pairs, the observed ones among
          ///< them; target sum c h (Rendle et al. 2021)
  kHu,    ///< c = confidence_scale * value on top of unobserved_weight, and the target also counts
          ///< unobserved_weight: sum (unobserved_weight + c) h (Hu, Koren, Volinsky 2008 at unobserved_weight
          ///< 1)
};

/// How an observed value r becomes the weight c of the two forms.
enum class ConfidenceScaling {
  kLinear,  ///< c = confidence_scale * r
  kLog,  ///< c = confidence_scale * log(1 + r / confidence_epsilon), so that the hundredth repetition tells
         ///< less than the second (Hu, Koren, Volinsky 2008, section 4)
};

/// Everything that defines what is minimized, and so all that fold-in needs besides the factors. A plain
/// value.
struct Hyperparameters {
  Feedback feedback = Feedback::kImplicit;

  /// K, the factors a user and an item have: 1 to 4096 (0 in models without factors, such as popularity).
  /// More fits finer taste and costs memory K, training K^2 to K^3; beyond what the data support it overfits.
  int factors = 64;

  /// lambda on factors, above 0. Larger: smoother, closer to the popular.
  double regularization = 0.3;

  /// lambda on biases, above 0; explicit models, and implicit ones with implicit_biases.
  double bias_regularization = 0.7;

  RegularizationScaling regularization_scaling = RegularizationScaling::kFrequency;

  /// nu in kFrequency: 1 is ALS-WR, 0 equals kNone; in [0, 2].
  double frequency_exponent = 0.5;

  /// alpha0, the weight of all user-item pairs pulled towards 0; implicit models only; above 0.
  double unobserved_weight = 0.1;

  /// alpha, multiplies observed values into confidences; implicit models only; above 0.
  double confidence_scale = 1.0;

  ConfidenceForm confidence_form = ConfidenceForm::kIals;

  /// Implicit models only, as all below but non_negative: an explicit model with them is refused.
  ConfidenceScaling confidence_scaling = ConfidenceScaling::kLinear;

  /// epsilon of kLog, above 0: the value from which on the logarithm bends.
  double confidence_epsilon = 1.0;

  /// Whether the score of an implicit model has biases, s = b_u + b_i + x_u . y_i, solved jointly with the
  /// factors over all pairs. Costs one more coordinate a row; reported as no gain, so off.
  bool implicit_biases = false;

  /// What an event counts before a pair's events are summed.
  EventWeight event_weight = {};

  /// Whether factors, not biases, are kept at 0 or above: parts that only add up are easier to read, and fit
  /// less well. Solves take several times as long.
  bool non_negative = false;
};

/// Whether a row has a bias beside its factors: explicit models, and implicit ones that ask for it.
inline bool HasBiases(const Hyperparameters& hyperparameters) {
  return hyperparameters.feedback == Feedback::kExplicit || hyperparameters.implicit_biases;
}

/// What serves data of a few thousand to a few hundred thousand rows well, by the kind of feedback: where to
/// start when nothing was tuned. Found on MovieLens and MovieTweetings; core/lab/README.md has the figures.
Hyperparameters DefaultHyperparameters(Feedback feedback);

/// OK when every value is finite and those that the kind of feedback uses are in their range, else
/// kInvalidArgument beginning with the field's name. A regularization of 0 is refused: the systems of short
/// rows would be singular.
absl::Status ValidateHyperparameters(const Hyperparameters& hyperparameters);

/// The names by which files, flags and messages call the values: "explicit", "implicit"; "none", "frequency";
/// "ials", "hu"; "linear", "log". The views live for ever.
absl::string_view FeedbackName(Feedback feedback);
absl::string_view RegularizationScalingName(RegularizationScaling scaling);
absl::string_view ConfidenceFormName(ConfidenceForm form);
absl::string_view ConfidenceScalingName(ConfidenceScaling scaling);

/// The values of those names; kInvalidArgument beginning with the field's name otherwise.
absl::StatusOr<Feedback> ParseFeedback(absl::string_view name);
absl::StatusOr<RegularizationScaling> ParseRegularizationScaling(absl::string_view name);
absl::StatusOr<ConfidenceForm> ParseConfidenceForm(absl::string_view name);
absl::StatusOr<ConfidenceScaling> ParseConfidenceScaling(absl::string_view name);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_HYPERPARAMETERS_H_
