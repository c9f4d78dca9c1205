#include "core/lab/evaluate_command.h"

#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/dataset/split.h"
#include "core/evaluation/protocol.h"
#include "core/lab/baseline_models.h"
#include "core/lab/data_flags.h"
#include "core/lab/evaluation_report.h"
#include "core/lab/peak_memory.h"
#include "core/lab/training_flags.h"
#include "core/lab/training_result.h"

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr char kFooter[] =
    "Examples:\n"
    "  ridgeline-lab evaluate --train ratings.csv --split random:0.1 --feedback explicit\n"
    "  ridgeline-lab evaluate --train ratings.csv --positive-threshold 4 --split random-per-user:0.2 "
    "--feedback implicit --metrics ndcg@20,recall@20 --json\n"
    "  ridgeline-lab evaluate --train train.txt --test test.txt --format adjacency --feedback implicit";

struct EvaluateFlags {
  std::string train;
  std::string test;
  std::string split;
  std::string metrics;
  std::string recall_denominator = "n";
  bool json = false;
  DataFlags data;
  TrainingFlags training;
};

struct EvaluateOptions {
  TrainingOptions training;
  DataOptions data;
  SplitOptions split;
  EvaluationOptions evaluation;
};

double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

absl::string_view DefaultMetrics(Feedback feedback) {
  return feedback == Feedback::kExplicit ? "rmse,mae,recall@20,ndcg@20"
                                         : "recall@20,precision@20,ndcg@20,map@20,hit_rate@20,coverage@20";
}

absl::StatusOr<RecallDenominator> ParseRecallDenominator(absl::string_view name) {
  if (name == "n") return RecallDenominator::kTestItems;
  if (name == "min") return RecallDenominator::kMin;
  return absl::InvalidArgumentError(absl::StrCat("recall_denominator: must be n or min, got '", name, "'"));
}

absl::StatusOr<SplitOptions> ResolveSplit(const EvaluateFlags& flags) {
  if (flags.test.empty() == flags.split.empty()) {
    return absl::InvalidArgumentError("split: give either --test FILE or --split, to say what is tested");
  }
  SplitOptions split;
  if (flags.split.empty()) return split;
  RIDGELINE_ASSIGN_OR_RETURN(split, ParseSplit(flags.split));
  if (split.kind == SplitKind::kNone) return absl::InvalidArgumentError("split: none leaves nothing to test");
  split.seed = flags.training.seed;
  return split;
}

// One table of both files, so that a row means the same id in each part.
absl::StatusOr<Split> ReadTwoFiles(const EvaluateFlags& flags, EvaluateOptions& options, Arena& arena,
                                   std::ostream& remarks) {
  Split split;
  InteractionTableBuilder train;
  RIDGELINE_RETURN_IF_ERROR(ReadInto(flags.train, options.data, arena, remarks, &train));
  split.train = train.Build();
  DecayFromNewest(split.train, options.training.als.hyperparameters.event_weight);
  InteractionTableBuilder test(*split.train.users, *split.train.items);
  RIDGELINE_RETURN_IF_ERROR(ReadInto(flags.test, options.data, arena, remarks, &test));
  split.test = test.Build();
  split.train.users = split.test.users;
  split.train.items = split.test.items;
  return split;
}

absl::StatusOr<Split> ReadSplit(const EvaluateFlags& flags, EvaluateOptions& options, Arena& arena,
                                std::ostream& remarks) {
  if (!flags.test.empty()) return ReadTwoFiles(flags, options, arena, remarks);
  return ReadAndSplit(flags.train, options.data, options.split, arena, remarks,
                      &options.training.als.hyperparameters.event_weight);
}

absl::Status CheckParts(const EvaluateFlags& flags, const EvaluationData& data) {
  if (data.train_interactions == 0) {
    return absl::FailedPreconditionError(absl::StrCat(flags.train, ": there is nothing to train on"));
  }
  if (data.held_out.test.entries() > 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(flags.test.empty() ? flags.train : flags.test, ": there is nothing to test"));
}

class EvaluateCommand final : public Command {
 public:
  EvaluateFlags& flags() { return flags_; }

  absl::Status Validate() override {
    RIDGELINE_ASSIGN_OR_RETURN(options_.training, ResolveTrainingFlags(flags_.training));
    const Feedback feedback = options_.training.als.hyperparameters.feedback;
    RIDGELINE_ASSIGN_OR_RETURN(options_.data, ResolveDataFlags(flags_.data, feedback));
    options_.data.event_weight = options_.training.als.hyperparameters.event_weight;
    RIDGELINE_ASSIGN_OR_RETURN(options_.split, ResolveSplit(flags_));
    const std::string metrics =
        flags_.metrics.empty() ? std::string(DefaultMetrics(feedback)) : flags_.metrics;
    RIDGELINE_ASSIGN_OR_RETURN(options_.evaluation, ParseMetrics(metrics));
    RIDGELINE_ASSIGN_OR_RETURN(options_.evaluation.recall_denominator,
                               ParseRecallDenominator(flags_.recall_denominator));
    return absl::OkStatus();
  }

  absl::Status Run(const Console& console) override {
    RIDGELINE_ASSIGN_OR_RETURN(const EvaluationReport report, Measure(console.err));
    flags_.json ? PrintJson(report, console.out) : PrintTable(report, console.out);
    return absl::OkStatus();
  }

 private:
  // The parts of the data; the table that they come from is gone when it returns.
  absl::StatusOr<EvaluationData> Read(Arena& arena, std::ostream& remarks) {
    RIDGELINE_ASSIGN_OR_RETURN(Split split, ReadSplit(flags_, options_, arena, remarks));
    EvaluationData data = BuildEvaluationData(std::move(split), options_.data.feedback);
    RIDGELINE_RETURN_IF_ERROR(CheckParts(flags_, data));
    return data;
  }

  absl::StatusOr<EvaluationReport> Measure(std::ostream& remarks) {
    Arena arena(options_.training.threads);
    EvaluationReport report;
    RIDGELINE_ASSIGN_OR_RETURN(EvaluationData data, Read(arena, remarks));
    report.options = options_.training;
    report.users = data.train_users;
    report.items = data.train_items;
    report.interactions = data.train_interactions;
    report.test_interactions = data.held_out.test.entries();
    report.test_users = RowsWithEntries(data.held_out.test);
    RIDGELINE_ASSIGN_OR_RETURN(report.training, TrainModel(data.train, options_.training, arena));
    RIDGELINE_ASSIGN_OR_RETURN(const BaselineModels baselines, TrainBaselines(data.train));
    FinishTraining(&data);
    const SteadyClock::time_point begin = SteadyClock::now();
    RIDGELINE_ASSIGN_OR_RETURN(report.metrics,
                               Evaluate(*report.training.model, data.held_out, options_.evaluation, arena));
    report.evaluate_seconds = SecondsSince(begin);
    RIDGELINE_ASSIGN_OR_RETURN(report.baselines,
                               EvaluateBaselines(baselines, data.held_out, options_.evaluation, arena));
    report.peak_rss_bytes = PeakResidentBytes();
    return report;
  }

  EvaluateFlags flags_;
  EvaluateOptions options_;
};

}  // namespace

std::unique_ptr<Command> AddEvaluateCommand(CLI::App& app) {
  auto command = std::make_unique<EvaluateCommand>();
  EvaluateFlags& flags = command->flags();
  CLI::App& sub = *app.add_subcommand("evaluate", "Trains on one part of the data and measures on another");
  sub.add_option("--train", flags.train, "File of interactions; .gz and .zst are read too")->required();
  CLI::Option* test =
      sub.add_option("--test", flags.test, "File of held-out interactions, in the same format");
  sub.add_option("--split", flags.split,
                 "Hold out of --train: random:F, random-per-user:F, last, time:F, users:F[:H] (strong "
                 "generalization)")
      ->excludes(test);
  sub.add_option(
      "--metrics", flags.metrics,
      "Of rmse, mae, recall@k, precision@k, ndcg@k, map@k, hit_rate@k, coverage@k; comma-separated");
  sub.add_option("--recall-denominator", flags.recall_denominator,
                 "n: a user's test items; min: the smaller of that and k")
      ->capture_default_str();
  AddDataFlags(sub, &flags.data);
  AddTrainingFlags(sub, &flags.training);
  sub.add_flag("--json", flags.json, "Print one JSON object");
  sub.footer(kFooter);
  return command;
}

}  // namespace ridgeline
