#include "client/cli/model_table.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "client/cli/format.h"

namespace ridgeline {
namespace {

std::string Scaling(const v1::Hyperparameters& h) {
  const std::string name =
      FormatEnum(v1::RegularizationScaling_Name(h.regularization_scaling()), "REGULARIZATION_SCALING_");
  return h.has_frequency_exponent() ? absl::StrCat(name, ", exponent ", FormatFigure(h.frequency_exponent()))
                                    : name;
}

// Those that differ from what a model has without them.
void AddWeights(const v1::Hyperparameters& h, Table& table) {
  if (h.confidence_scaling() == v1::CONFIDENCE_SCALING_LOG) {
    table.AddRow({"confidence scaling", absl::StrCat("log, epsilon ", FormatFigure(h.confidence_epsilon()))});
  }
  std::map<std::string, double> weights(h.event_type_weights().weights().begin(),
                                        h.event_type_weights().weights().end());
  for (const auto& [type, factor] : weights) {
    table.AddRow({absl::StrCat("weight of ", type), FormatFigure(factor)});
  }
  if (h.half_life_days() > 0) {
    table.AddRow({"half-life", absl::StrCat(FormatFigure(h.half_life_days()), " days")});
  }
  if (h.implicit_biases()) table.AddRow({"implicit biases", "yes"});
  if (h.non_negative()) table.AddRow({"non-negative", "yes"});
}

void AddHyperparameters(const v1::Hyperparameters& h, Table& table) {
  table.AddRow({"feedback", FormatEnum(v1::FeedbackKind_Name(h.feedback_kind()), "FEEDBACK_KIND_")});
  table.AddRow({"factors", absl::StrCat(h.factors())});
  if (h.has_regularization()) table.AddRow({"regularization", FormatFigure(h.regularization())});
  if (h.has_bias_regularization())
    table.AddRow({"bias regularization", FormatFigure(h.bias_regularization())});
  if (h.regularization_scaling() != v1::REGULARIZATION_SCALING_UNSPECIFIED) {
    table.AddRow({"regularization scaling", Scaling(h)});
  }
  if (h.has_unobserved_weight()) table.AddRow({"unobserved weight", FormatFigure(h.unobserved_weight())});
  if (h.has_confidence_scale()) table.AddRow({"confidence scale", FormatFigure(h.confidence_scale())});
  if (h.confidence_form() != v1::CONFIDENCE_FORM_UNSPECIFIED) {
    table.AddRow(
        {"confidence form", FormatEnum(v1::ConfidenceForm_Name(h.confidence_form()), "CONFIDENCE_FORM_")});
  }
  AddWeights(h, table);
}

}  // namespace

void AddModelProperties(const v1::Model& model, Table& table) {
  table.AddRow({"version", absl::StrCat(model.version(), model.live() ? " (live)" : "")});
  if (!model.held_back_reason().empty()) table.AddRow({"held back", model.held_back_reason()});
  table.AddRow({"algorithm", model.algorithm()});
  AddHyperparameters(model.hyperparameters(), table);
  table.AddRow({"iterations", absl::StrCat(model.iterations())});
  table.AddRow({"seed", absl::StrCat(model.seed())});
  table.AddRow({"users", FormatCount(model.user_count())});
  table.AddRow({"items", FormatCount(model.item_count())});
  if (model.placed_item_count() > 0) {
    table.AddRow({"placed by tags", FormatCount(model.placed_item_count())});
  }
  table.AddRow({"interactions", FormatCount(model.interaction_count())});
  table.AddRow({"trained through", absl::StrCat("sequence ", model.trained_through_sequence())});
  table.AddRow({"created", FormatTimestamp(model.create_time())});
  const std::map<std::string, double> metrics(model.metrics().begin(), model.metrics().end());
  for (const auto& [name, value] : metrics) table.AddRow({name, FormatFigure(value)});
}

std::string DescribeTraining(const v1::Training& training) {
  std::string line = FormatEnum(v1::TrainingState_Name(training.state()), "TRAINING_STATE_");
  if (training.state() == v1::TRAINING_STATE_RUNNING) {
    absl::StrAppend(&line, " ", FormatEnum(v1::TrainingPhase_Name(training.phase()), "TRAINING_PHASE_"));
  }
  if (training.iterations() > 0)
    absl::StrAppend(&line, " ", training.iteration(), "/", training.iterations());
  if (training.has_objective()) absl::StrAppend(&line, "  objective ", FormatFigure(training.objective()));
  if (training.has_eta()) absl::StrAppend(&line, "  ", FormatSpan(training.eta()), " left");
  if (!training.model_version().empty()) absl::StrAppend(&line, "  model ", training.model_version());
  if (!training.error().empty()) absl::StrAppend(&line, "  ", training.error());
  if (!training.validation().reason().empty()) absl::StrAppend(&line, "  ", training.validation().reason());
  return line;
}

std::string DescribeExperiment(const v1::Experiment& experiment) {
  return absl::StrCat(experiment.id(), ": ", experiment.candidate_version(), " answers ",
                      FormatFigure(100 * experiment.share()), "% of the users, ", experiment.live_version(),
                      " the others");
}

}  // namespace ridgeline
