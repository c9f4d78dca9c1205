#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/commands.h"
#include "client/cli/exit_code.h"
#include "client/cli/model_table.h"

namespace ridgeline {
namespace {

constexpr char kTrainExamples[] =
    "ridgeline train                                     # queue it and return\n"
    "ridgeline train --watch                             # until it is done; interrupting does not stop it\n"
    "ridgeline train --watch --cold --factors 128 --regularization 0.01 --iterations 20\n"
    "ridgeline train --watch --json | jq .objective";

// Unset flags leave the server's configuration as it is.
struct TrainFlags {
  bool watch = false;
  bool cold = false;
  bool warm = false;
  v1::FeedbackKind feedback = v1::FEEDBACK_KIND_UNSPECIFIED;
  std::optional<int32_t> factors;
  std::optional<double> regularization;
  std::optional<double> bias_regularization;
  v1::RegularizationScaling scaling = v1::REGULARIZATION_SCALING_UNSPECIFIED;
  std::optional<double> frequency_exponent;
  std::optional<double> unobserved_weight;
  std::optional<double> confidence_scale;
  v1::ConfidenceForm confidence_form = v1::CONFIDENCE_FORM_UNSPECIFIED;
  v1::ConfidenceScaling confidence_scaling = v1::CONFIDENCE_SCALING_UNSPECIFIED;
  std::optional<double> confidence_epsilon;
  std::optional<bool> implicit_biases;
  std::optional<std::string> event_type_weights;
  std::optional<double> half_life_days;
  std::optional<bool> non_negative;
  std::optional<int32_t> iterations;
  std::optional<uint64_t> seed;
  std::optional<double> tolerance;
};

template <typename Enum>
void AddEnumFlag(CLI::App& command, const std::string& name, Enum& value, std::map<std::string, Enum> names,
                 const std::string& description) {
  command.add_option(name, value, description)
      ->transform(CLI::CheckedTransformer(std::move(names)).description(""))
      ->type_name("NAME");
}

void DeclareWeightFlags(CLI::App& command, TrainFlags& flags) {
  AddEnumFlag(command, "--confidence-scaling", flags.confidence_scaling,
              {{"linear", v1::CONFIDENCE_SCALING_LINEAR}, {"log", v1::CONFIDENCE_SCALING_LOG}},
              "Implicit: linear, or log: repetitions tell less and less");
  command.add_option("--confidence-epsilon", flags.confidence_epsilon,
                     "Value from which on the logarithm bends, above 0");
  command
      .add_option("--event-type-weights", flags.event_type_weights,
                  "Implicit: factors by event type, as click=1,buy=5; '' clears them")
      ->type_name("TYPE=FACTOR,...");
  command.add_option("--half-life-days", flags.half_life_days,
                     "Implicit: days in which an event loses half of its weight; 0: never");
  command
      .add_option("--implicit-biases", flags.implicit_biases, "Implicit: whether users and items have biases")
      ->type_name("true|false");
  command.add_option("--non-negative", flags.non_negative, "Whether factors are kept at 0 or above")
      ->type_name("true|false");
}

void DeclareModelFlags(CLI::App& command, TrainFlags& flags) {
  AddEnumFlag(command, "--feedback", flags.feedback,
              {{"explicit", v1::FEEDBACK_KIND_EXPLICIT}, {"implicit", v1::FEEDBACK_KIND_IMPLICIT}},
              "explicit: values are ratings; implicit: values are weights");
  command.add_option("--factors", flags.factors, "Factors of a row, 1 to 4096")->type_name("K");
  command.add_option("--regularization", flags.regularization, "Penalty of the factors, above 0");
  command.add_option("--bias-regularization", flags.bias_regularization, "Penalty of the biases, above 0");
  AddEnumFlag(
      command, "--regularization-scaling", flags.scaling,
      {{"none", v1::REGULARIZATION_SCALING_NONE}, {"frequency", v1::REGULARIZATION_SCALING_FREQUENCY}},
      "none or frequency: penalties grow with a row's interactions");
  command.add_option("--frequency-exponent", flags.frequency_exponent, "How fast they grow, 0 to 2");
  command.add_option("--unobserved-weight", flags.unobserved_weight,
                     "Implicit: weight of all pairs, above 0");
  command.add_option("--confidence-scale", flags.confidence_scale,
                     "Implicit: from values to weights, above 0");
  AddEnumFlag(command, "--confidence-form", flags.confidence_form,
              {{"ials", v1::CONFIDENCE_FORM_IALS}, {"hu", v1::CONFIDENCE_FORM_HU}}, "Implicit: ials or hu");
  DeclareWeightFlags(command, flags);
}

// "click=1,buy=5"; "" clears the server's.
absl::StatusOr<v1::EventTypeWeights> ReadEventTypeWeights(absl::string_view text) {
  v1::EventTypeWeights message;
  for (const absl::string_view element : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const size_t equals = element.rfind('=');
    double factor = 0.0;
    if (equals == absl::string_view::npos || !absl::SimpleAtod(element.substr(equals + 1), &factor)) {
      return UsageError(absl::StrCat("--event-type-weights: not TYPE=FACTOR: ", element));
    }
    (*message.mutable_weights())[std::string(element.substr(0, equals))] = factor;
  }
  return message;
}

void DeclareFlags(CLI::App& command, TrainFlags& flags) {
  command.add_flag("--watch", flags.watch, "Show the progress until the training has ended");
  CLI::Option* cold = command.add_flag("--cold", flags.cold, "Start from random factors");
  command.add_flag("--warm", flags.warm, "Start from the live model's factors")->excludes(cold);
  DeclareModelFlags(command, flags);
  command.add_option("--iterations", flags.iterations, "Epochs, 1 to 10000")->type_name("N");
  command.add_option("--seed", flags.seed, "Seed of the initial factors");
  command.add_option("--tolerance", flags.tolerance,
                     "Stop once an epoch gains less than this share of the objective");
}

absl::Status SetWeights(const TrainFlags& flags, v1::Hyperparameters& h) {
  h.set_confidence_scaling(flags.confidence_scaling);
  if (flags.confidence_epsilon.has_value()) h.set_confidence_epsilon(*flags.confidence_epsilon);
  if (flags.implicit_biases.has_value()) h.set_implicit_biases(*flags.implicit_biases);
  if (flags.half_life_days.has_value()) h.set_half_life_days(*flags.half_life_days);
  if (flags.non_negative.has_value()) h.set_non_negative(*flags.non_negative);
  if (!flags.event_type_weights.has_value()) return absl::OkStatus();
  absl::StatusOr<v1::EventTypeWeights> weights = ReadEventTypeWeights(*flags.event_type_weights);
  if (!weights.ok()) return weights.status();
  *h.mutable_event_type_weights() = *std::move(weights);
  return absl::OkStatus();
}

absl::StatusOr<v1::Hyperparameters> BuildHyperparameters(const TrainFlags& flags) {
  v1::Hyperparameters h;
  h.set_feedback_kind(flags.feedback);
  h.set_regularization_scaling(flags.scaling);
  h.set_confidence_form(flags.confidence_form);
  if (flags.factors.has_value()) h.set_factors(*flags.factors);
  if (flags.regularization.has_value()) h.set_regularization(*flags.regularization);
  if (flags.bias_regularization.has_value()) h.set_bias_regularization(*flags.bias_regularization);
  if (flags.frequency_exponent.has_value()) h.set_frequency_exponent(*flags.frequency_exponent);
  if (flags.unobserved_weight.has_value()) h.set_unobserved_weight(*flags.unobserved_weight);
  if (flags.confidence_scale.has_value()) h.set_confidence_scale(*flags.confidence_scale);
  const absl::Status status = SetWeights(flags, h);
  if (!status.ok()) return status;
  return h;
}

absl::StatusOr<v1::StartTrainingRequest> BuildRequest(const TrainFlags& flags) {
  v1::StartTrainingRequest request;
  if (flags.cold) request.set_mode(v1::TRAINING_MODE_FULL);
  if (flags.warm) request.set_mode(v1::TRAINING_MODE_WARM);
  absl::StatusOr<v1::Hyperparameters> hyperparameters = BuildHyperparameters(flags);
  if (!hyperparameters.ok()) return hyperparameters.status();
  if (hyperparameters->ByteSizeLong() > 0) *request.mutable_hyperparameters() = *std::move(hyperparameters);
  if (flags.iterations.has_value()) request.set_iterations(*flags.iterations);
  if (flags.seed.has_value()) request.set_seed(*flags.seed);
  if (flags.tolerance.has_value()) request.set_tolerance(*flags.tolerance);
  return request;
}

absl::Status Outcome(const v1::Training& training) {
  if (training.state() == v1::TRAINING_STATE_SUCCEEDED) return absl::OkStatus();
  return absl::AbortedError(
      absl::StrCat("training ", training.id(), " ended as ", DescribeTraining(training)));
}

absl::Status PrintNewModel(const v1::Training& training, Session& session) {
  v1::GetModelRequest request;
  request.set_version(training.model_version());
  const absl::StatusOr<v1::Model> model = session.client.GetModel(request);
  if (!model.ok()) return model.status();
  Table table = Table::OfProperties();
  AddModelProperties(*model, table);
  session.output.PrintTable(table, "");
  return absl::OkStatus();
}

absl::Status Watch(const std::string& id, Session& session) {
  v1::WatchTrainingRequest request;
  request.set_training_id(id);
  v1::Training last;
  absl::Status status = session.client.WatchTraining(request, [&](const v1::Training& training) {
    last = training;
    session.output.json()
        ? session.output.PrintJson(training)
        : session.output.ShowProgress(absl::StrCat("training ", id, "  ", DescribeTraining(training)));
    return true;
  });
  if (status.ok()) status = Outcome(last);
  if (!status.ok() || session.output.json()) return status;
  return PrintNewModel(last, session);
}

absl::Status Run(const TrainFlags& flags, Session& session) {
  const absl::StatusOr<v1::StartTrainingRequest> request = BuildRequest(flags);
  if (!request.ok()) return request.status();
  const absl::StatusOr<v1::Training> training = session.client.StartTraining(*request);
  if (!training.ok()) return training.status();
  if (flags.watch) return Watch(training->id(), session);
  if (session.output.json()) return session.output.PrintJson(*training), absl::OkStatus();
  session.output.PrintLine(absl::StrCat("training ", training->id(), "  ", DescribeTraining(*training)));
  return absl::OkStatus();
}

}  // namespace

void AddTrainCommand(CommandScope scope) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App& command = AddCommand(scope, "train", "Train a new model on everything recorded", kTrainExamples,
                                 [flags](Session& session) { return Run(*flags, session); });
  DeclareFlags(command, *flags);
}

}  // namespace ridgeline
