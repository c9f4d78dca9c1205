#include "core/lab/cold_items_command.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/als/row_system.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/dataset/aggregation.h"
#include "core/evaluation/evaluator.h"
#include "core/evaluation/protocol.h"
#include "core/lab/cold_items.h"
#include "core/lab/cold_items_report.h"
#include "core/lab/data_flags.h"
#include "core/lab/item_placer.h"
#include "core/lab/item_tags.h"
#include "core/lab/training_flags.h"
#include "core/lab/training_result.h"

namespace ridgeline {
namespace {

constexpr int kMaxKnown = 1'000'000;

struct ColdItemsFlags {
  std::string train;
  std::vector<std::string> items;
  double share = 0.2;
  double warm_share = 0.2;
  std::string known = "0,1,3,10";
  std::string metrics;
  uint32_t max_tags = kMaxMappedTags;
  bool json = false;
  DataFlags data;
  TrainingFlags training;
};

// CLI11 would let NaN pass.
absl::Status CheckShare(absl::string_view field, double value) {
  if (value > 0.0 && value < 1.0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be between 0 and 1, both excluded, got ", value));
}

// "0,1,3" as numbers, ascending and distinct.
absl::StatusOr<std::vector<int>> ParseKnown(const std::string& text) {
  std::vector<int> counts;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    int count = 0;
    if (!absl::SimpleAtoi(part, &count) || count < 0 || count > kMaxKnown) {
      return absl::InvalidArgumentError(absl::StrCat("known: must be numbers from 0 to ", kMaxKnown,
                                                     ", separated by commas, got '", text, "'"));
    }
    counts.push_back(count);
  }
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

absl::StatusOr<EvaluationOptions> ResolveMetrics(const std::string& text, Feedback feedback) {
  RIDGELINE_ASSIGN_OR_RETURN(const EvaluationOptions options, ParseMetrics(text));
  if ((options.rmse || options.mae) && feedback != Feedback::kExplicit) {
    return absl::InvalidArgumentError("metrics: rmse and mae are of ratings, use --feedback explicit");
  }
  return options;
}

class ColdItemsCommand final : public Command {
 public:
  ColdItemsFlags& flags() { return flags_; }

  absl::Status Validate() override {
    RIDGELINE_ASSIGN_OR_RETURN(training_, ResolveTrainingFlags(flags_.training));
    if (training_.algorithm != Algorithm::kAls) {
      return absl::InvalidArgumentError("algorithm: items are placed in models of als");
    }
    const Feedback feedback = training_.als.hyperparameters.feedback;
    RIDGELINE_ASSIGN_OR_RETURN(data_, ResolveDataFlags(flags_.data, feedback));
    data_.event_weight = training_.als.hyperparameters.event_weight;
    RIDGELINE_RETURN_IF_ERROR(CheckShare("share", flags_.share));
    RIDGELINE_RETURN_IF_ERROR(CheckShare("warm_share", flags_.warm_share));
    RIDGELINE_ASSIGN_OR_RETURN(known_, ParseKnown(flags_.known));
    if (flags_.metrics.empty()) {
      flags_.metrics = feedback == Feedback::kExplicit ? "rmse,ndcg@20" : "ndcg@20,recall@20";
    }
    RIDGELINE_ASSIGN_OR_RETURN(evaluation_, ResolveMetrics(flags_.metrics, feedback));
    if (flags_.max_tags < 1 || flags_.max_tags > kMaxMappedTags) {
      return absl::InvalidArgumentError(
          absl::StrCat("max_tags: must be between 1 and ", kMaxMappedTags, ", got ", flags_.max_tags));
    }
    return absl::OkStatus();
  }

  absl::Status Run(const Console& console) override {
    Arena arena(training_.threads);
    RIDGELINE_ASSIGN_OR_RETURN(const ColdItems cold, ReadAndHoldOut(arena, console.err));
    RIDGELINE_ASSIGN_OR_RETURN(const CsrMatrix tags, ReadTags(cold));
    RIDGELINE_ASSIGN_OR_RETURN(const TrainingResult trained, TrainModel(cold.train, training_, arena));
    RIDGELINE_ASSIGN_OR_RETURN(const ItemPlacer placer, ItemPlacer::Create(*trained.model, cold, tags));
    RIDGELINE_ASSIGN_OR_RETURN(ColdItemsReport report, Measure(placer, cold, arena));
    report.tags = tags.columns;
    report.tagged_items = std::count_if(cold.items.begin(), cold.items.end(),
                                        [&](uint32_t item) { return tags.RowEntries(item) > 0; });
    flags_.json ? PrintJson(report, console.out) : PrintTable(report, console.out);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<ColdItems> ReadAndHoldOut(Arena& arena, std::ostream& remarks) {
    InteractionTableBuilder builder;
    RIDGELINE_RETURN_IF_ERROR(ReadInto(flags_.train, data_, arena, remarks, &builder));
    InteractionTable events = builder.Build();
    DecayFromNewest(events, training_.als.hyperparameters.event_weight);
    ColdItemOptions options;
    options.share = flags_.share;
    options.warm_share = flags_.warm_share;
    options.known = known_.back();
    options.seed = training_.als.seed;
    ColdItems cold = HoldOutItems(Aggregate(std::move(events), data_.feedback), data_.feedback, options);
    if (cold.train.by_user.entries() > 0 && cold.test.entries() > 0 && cold.warm_test.entries() > 0)
      return cold;
    return absl::FailedPreconditionError(absl::StrCat(flags_.train, ": too little to train on and to test"));
  }

  absl::StatusOr<CsrMatrix> ReadTags(const ColdItems& cold) const {
    std::vector<bool> teaches;
    for (uint32_t item = 0; item < cold.train.by_item.rows; ++item) {
      teaches.push_back(cold.train.by_item.RowEntries(item) > 0);
    }
    return ReadItemTags(flags_.items, *cold.train.items, teaches, flags_.max_tags);
  }

  bool CanBlend() const { return !NeedsExactSolver(training_.als.hyperparameters); }

  // What is measured: references, what does not depend on interactions, and the rest for each number of them.
  // With none known fold_in is average and blend is attributes.
  std::vector<std::pair<Placement, int>> Trials() const {
    std::vector<std::pair<Placement, int>> trials;
    for (const Placement placement : {Placement::kNone, Placement::kRandom, Placement::kPopular,
                                      Placement::kAverage, Placement::kAttributes}) {
      trials.emplace_back(placement, 0);
    }
    for (const Placement placement : {Placement::kFoldIn, Placement::kBlend}) {
      if (placement == Placement::kBlend && !CanBlend()) continue;
      for (const int known : known_) trials.emplace_back(placement, known);
    }
    return trials;
  }

  absl::StatusOr<ColdItemsReport> Measure(const ItemPlacer& placer, const ColdItems& cold,
                                          Arena& arena) const {
    ColdItemsReport report;
    report.items = static_cast<int64_t>(cold.items.size());
    report.test_interactions = cold.test.entries();
    report.test_users = RowsWithEntries(cold.test);
    report.other_interactions = cold.warm_test.entries();
    report.mapping_regularization = placer.mapping().regularization();
    report.metrics = absl::StrSplit(flags_.metrics, ',');
    for (const auto& [placement, known] : Trials()) {
      MeasuredPlacement measured{placement, known, {}};
      RIDGELINE_ASSIGN_OR_RETURN(measured.metrics, placer.Measure(placement, known, evaluation_, arena));
      report.placements.push_back(std::move(measured));
    }
    return report;
  }

  ColdItemsFlags flags_;
  TrainingOptions training_;
  DataOptions data_;
  EvaluationOptions evaluation_;
  std::vector<int> known_;  // ascending
};

void AddHoldOutFlags(CLI::App& sub, ColdItemsFlags& flags) {
  sub.add_option("--share", flags.share, "Share of the items that is held out")->capture_default_str();
  sub.add_option("--warm-share", flags.warm_share,
                 "Share of each user's interactions with other items that is tested too")
      ->capture_default_str();
  sub.add_option(
         "--known", flags.known,
         "Numbers of interactions known of a held-out item when it is placed; at most half of its own are")
      ->capture_default_str();
  sub.add_option("--max-tags", flags.max_tags, "Most frequent tags that are mapped")->capture_default_str();
  sub.add_option("--metrics", flags.metrics,
                 "As of evaluate; default rmse,ndcg@20 explicit, ndcg@20,recall@20 implicit");
}

}  // namespace

std::unique_ptr<Command> AddColdItemsCommand(CLI::App& app) {
  auto command = std::make_unique<ColdItemsCommand>();
  ColdItemsFlags& flags = command->flags();
  CLI::App& sub =
      *app.add_subcommand("cold-items", "Measures how items without interactions are placed by their tags");
  sub.add_option("--train", flags.train, "File of interactions; .gz and .zst are read too")->required();
  sub.add_option("--items", flags.items,
                 "File of items with tags, e.g. movies.csv; repeated, an item has the tags of all")
      ->required();
  AddHoldOutFlags(sub, flags);
  sub.add_flag("--json", flags.json, "Print one JSON object");
  AddDataFlags(sub, &flags.data);
  AddTrainingFlags(sub, &flags.training);
  sub.footer(
      "Example:\n  ridgeline-lab cold-items --train ratings.csv --items movies.csv --feedback implicit "
      "--positive-threshold 4");
  return command;
}

}  // namespace ridgeline
