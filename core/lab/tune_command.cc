#include "core/lab/tune_command.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/evaluation/evaluator.h"
#include "core/evaluation/protocol.h"
#include "core/lab/data_flags.h"
#include "core/lab/search_space.h"
#include "core/lab/training_flags.h"
#include "core/lab/training_result.h"
#include "core/lab/tuning_plot.h"
#include "core/lab/tuning_report.h"

namespace ridgeline {
namespace {

constexpr int kMaxTrials = 10'000;

struct TuneFlags {
  std::string train;
  std::string split = "time:0.1";
  std::string metric;
  int trials = 27;
  HalvingOptions halving;
  std::string factor_choices = "32,64,128";
  std::string regularization_range;
  std::string unobserved_weight_range = "0.01:1";
  std::string bias_regularization_range = "0.2:5";
  std::string output;
  std::string plot;
  bool json = false;
  DataFlags data;
  TrainingFlags training;
};

bool LowerIsBetter(absl::string_view metric) {
  return metric == "rmse" || metric == "mae";
}

absl::StatusOr<EvaluationOptions> ResolveMetric(const std::string& metric, Feedback feedback) {
  RIDGELINE_ASSIGN_OR_RETURN(const EvaluationOptions options, ParseMetrics(metric));
  if (absl::StrContains(metric, ',')) return absl::InvalidArgumentError("metric: must be one");
  if (LowerIsBetter(metric) && feedback != Feedback::kExplicit) {
    return absl::InvalidArgumentError(
        absl::StrCat("metric: ", metric, " is of ratings, use --feedback explicit"));
  }
  return options;
}

absl::StatusOr<SearchSpace> ResolveSpace(const TuneFlags& flags, Feedback feedback) {
  SearchSpace space;
  const std::string usual = feedback == Feedback::kExplicit ? "0.5:5" : "0.03:3";
  const std::string& given = flags.regularization_range;
  RIDGELINE_ASSIGN_OR_RETURN(space.factors, ParseFactorChoices("factor_choices", flags.factor_choices));
  RIDGELINE_ASSIGN_OR_RETURN(space.regularization,
                             ParseRange("regularization_range", given.empty() ? usual : given));
  RIDGELINE_ASSIGN_OR_RETURN(space.unobserved_weight,
                             ParseRange("unobserved_weight_range", flags.unobserved_weight_range));
  RIDGELINE_ASSIGN_OR_RETURN(space.bias_regularization,
                             ParseRange("bias_regularization_range", flags.bias_regularization_range));
  return space;
}

// Looked at before the work, so that its result has a place. An empty path is none.
absl::Status CheckWritable(absl::string_view field, const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(field, ": '", path, "' is a folder"));
  }
  const std::string folder = std::filesystem::absolute(path, error).parent_path().string();
  if (access(folder.c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(field, ": the folder of '", path, "' cannot be written to"));
}

class TuneCommand final : public Command {
 public:
  TuneFlags& flags() { return flags_; }

  absl::Status Validate() override {
    RIDGELINE_ASSIGN_OR_RETURN(training_, ResolveTrainingFlags(flags_.training));
    if (training_.algorithm != Algorithm::kAls) return absl::InvalidArgumentError("algorithm: als is tuned");
    const Feedback feedback = training_.als.hyperparameters.feedback;
    RIDGELINE_ASSIGN_OR_RETURN(data_, ResolveDataFlags(flags_.data, feedback));
    data_.event_weight = training_.als.hyperparameters.event_weight;
    RIDGELINE_ASSIGN_OR_RETURN(split_, ParseSplit(flags_.split));
    if (split_.kind == SplitKind::kNone)
      return absl::InvalidArgumentError("split: none leaves nothing to test");
    split_.seed = training_.als.seed;
    if (flags_.metric.empty()) flags_.metric = feedback == Feedback::kExplicit ? "rmse" : "ndcg@20";
    RIDGELINE_ASSIGN_OR_RETURN(evaluation_, ResolveMetric(flags_.metric, feedback));
    RIDGELINE_ASSIGN_OR_RETURN(space_, ResolveSpace(flags_, feedback));
    if (flags_.trials < 1 || flags_.trials > kMaxTrials) {
      return absl::InvalidArgumentError(
          absl::StrCat("trials: must be between 1 and ", kMaxTrials, ", got ", flags_.trials));
    }
    flags_.halving.max_iterations = training_.als.iterations;
    RIDGELINE_RETURN_IF_ERROR(ValidateHalvingOptions(flags_.halving));
    RIDGELINE_RETURN_IF_ERROR(CheckWritable("output", flags_.output));
    return CheckWritable("plot", flags_.plot);
  }

  absl::Status Run(const Console& console) override {
    Arena arena(training_.threads);
    RIDGELINE_ASSIGN_OR_RETURN(Split split, ReadAndSplit(flags_.train, data_, split_, arena, console.err,
                                                         &training_.als.hyperparameters.event_weight));
    EvaluationData data = BuildEvaluationData(std::move(split), data_.feedback);
    if (data.train_interactions == 0 || data.held_out.test.entries() == 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(flags_.train, ": too little to train on and to test"));
    }
    if (!data.held_out.fold_in_known) data.held_out.known = data.train.by_user;
    RIDGELINE_ASSIGN_OR_RETURN(const TuningReport report, Search(data, arena, console.err));
    flags_.json ? PrintJson(report, console.out) : PrintTable(report, console.out);
    if (!flags_.output.empty()) {
      RIDGELINE_RETURN_IF_ERROR(ReplaceFileDurably(flags_.output, ConfigurationText(report)));
    }
    return flags_.plot.empty() ? absl::OkStatus() : ReplaceFileDurably(flags_.plot, TuningPlot(report));
  }

 private:
  absl::StatusOr<TuningReport> Search(const EvaluationData& data, Arena& arena,
                                      std::ostream& progress) const {
    TuningReport report;
    report.metric = flags_.metric;
    report.lower_is_better = LowerIsBetter(flags_.metric);
    report.iterations = flags_.halving.max_iterations;
    report.candidates =
        DrawCandidates(space_, training_.als.hyperparameters, flags_.trials, training_.als.seed);
    const auto score = [&](size_t candidate, int iterations) -> absl::StatusOr<double> {
      TrainingOptions options = training_;
      options.als.hyperparameters = report.candidates[candidate];
      options.als.iterations = iterations;
      RIDGELINE_ASSIGN_OR_RETURN(const TrainingResult trained, TrainModel(data.train, options, arena));
      RIDGELINE_ASSIGN_OR_RETURN(const auto metrics,
                                 Evaluate(*trained.model, data.held_out, evaluation_, arena));
      const double metric = metrics.at(flags_.metric);
      progress << absl::StrFormat("trial %d, %d iterations: %s %.4f\n", candidate + 1, iterations,
                                  flags_.metric, metric);
      return report.lower_is_better ? -metric : metric;
    };
    RIDGELINE_ASSIGN_OR_RETURN(report.result,
                               SuccessiveHalving(report.candidates.size(), flags_.halving, score));
    return report;
  }

  TuneFlags flags_;
  TrainingOptions training_;
  DataOptions data_;
  SplitOptions split_;
  EvaluationOptions evaluation_;
  SearchSpace space_;
};

void AddSearchFlags(CLI::App& sub, TuneFlags& flags) {
  sub.add_option("--trials", flags.trials, "Settings tried; the first are the flags' own or the defaults")
      ->capture_default_str();
  sub.add_option("--eta", flags.halving.eta, "One in so many goes on, with so many times the iterations")
      ->capture_default_str();
  sub.add_option("--min-iterations", flags.halving.min_iterations,
                 "Of the first rung; --iterations of the last")
      ->capture_default_str();
  sub.add_option("--factor-choices", flags.factor_choices, "Numbers of factors to draw from")
      ->capture_default_str();
  sub.add_option("--regularization-range", flags.regularization_range,
                 "LOW:HIGH, drawn by its logarithm; default 0.5:5 explicit, 0.03:3 implicit");
  sub.add_option("--unobserved-weight-range", flags.unobserved_weight_range,
                 "LOW:HIGH, likewise; implicit only")
      ->capture_default_str();
  sub.add_option("--bias-regularization-range", flags.bias_regularization_range,
                 "LOW:HIGH, likewise; explicit only")
      ->capture_default_str();
}

}  // namespace

std::unique_ptr<Command> AddTuneCommand(CLI::App& app) {
  auto command = std::make_unique<TuneCommand>();
  TuneFlags& flags = command->flags();
  CLI::App& sub = *app.add_subcommand("tune", "Looks for the best hyperparameters by successive halving");
  sub.add_option("--train", flags.train, "File of interactions; .gz and .zst are read too")->required();
  sub.add_option("--split", flags.split, "What is held out, as of evaluate")->capture_default_str();
  sub.add_option("--metric", flags.metric, "What counts, one of evaluate's; default rmse or ndcg@20");
  AddSearchFlags(sub, flags);
  sub.add_option("--output", flags.output, "Write the best as a --config file of ridgeline-server")
      ->type_name("FILE.toml");
  sub.add_option("--plot", flags.plot, "Draw what was tried")->type_name("FILE.svg");
  sub.add_flag("--json", flags.json, "Print one JSON object");
  AddDataFlags(sub, &flags.data);
  AddTrainingFlags(sub, &flags.training);
  sub.footer(
      "Example:\n  ridgeline-lab tune --train ratings.csv --feedback implicit --positive-threshold 4 "
      "--output "
      "ridgeline.toml --plot tuning.svg");
  return command;
}

}  // namespace ridgeline
