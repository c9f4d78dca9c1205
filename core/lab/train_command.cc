#include "core/lab/train_command.h"

#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/lab/data_flags.h"
#include "core/lab/model_output.h"
#include "core/lab/peak_memory.h"
#include "core/lab/training_flags.h"
#include "core/lab/training_result.h"
#include "core/model/model_file.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct TrainFlags {
  std::string train;
  ModelOutputFlags output;
  std::string warm_start;
  bool json = false;
  DataFlags data;
  TrainingFlags training;
};

ModelInfo InfoOf(const TrainingResult& result, const TrainingOptions& options, int64_t interactions) {
  ModelInfo info;
  info.algorithm = std::string(AlgorithmName(options.algorithm));
  info.create_time = SystemClock().Now();
  info.interactions = interactions;
  info.iterations = static_cast<int>(result.objective.size());
  info.seed = options.als.seed;
  if (!result.objective.empty()) info.metrics["objective"] = result.objective.back();
  return info;
}

class TrainCommand final : public Command {
 public:
  TrainFlags& flags() { return flags_; }

  absl::Status Validate() override {
    RIDGELINE_ASSIGN_OR_RETURN(options_, ResolveTrainingFlags(flags_.training));
    RIDGELINE_ASSIGN_OR_RETURN(data_options_,
                               ResolveDataFlags(flags_.data, options_.als.hyperparameters.feedback));
    data_options_.event_weight = options_.als.hyperparameters.event_weight;
    if (!flags_.warm_start.empty() && options_.algorithm != Algorithm::kAls) {
      return absl::InvalidArgumentError("warm_start: only als starts from a model");
    }
    return CheckModelOutput(flags_.output);
  }

  absl::Status Run(const Console& console) override {
    RIDGELINE_ASSIGN_OR_RETURN(ModelOutput output, ModelOutput::Open(flags_.output));
    RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const FactorModel> warm_start, ReadWarmStart());
    Arena arena(options_.threads);
    RIDGELINE_ASSIGN_OR_RETURN(const Dataset dataset, Read(arena, console.err));
    RIDGELINE_ASSIGN_OR_RETURN(const TrainingResult result,
                               TrainModel(dataset, options_, arena, warm_start.get()));
    const ModelInfo info = InfoOf(result, options_, dataset.by_user.entries());
    RIDGELINE_ASSIGN_OR_RETURN(const std::string place, output.Write(*result.model, info));
    Print(result, dataset, place, console.out);
    return absl::OkStatus();
  }

 private:
  // Null when there is none.
  absl::StatusOr<std::shared_ptr<const FactorModel>> ReadWarmStart() const {
    if (flags_.warm_start.empty()) return std::shared_ptr<const FactorModel>();
    RIDGELINE_ASSIGN_OR_RETURN(const StoredModel stored, ReadModelFiles(flags_.warm_start));
    RIDGELINE_RETURN_IF_ERROR(ValidateWarmStart(options_.als, *stored.model));
    return stored.model;
  }

  bool NeedsTimes() const {
    return data_options_.feedback == Feedback::kExplicit || data_options_.event_weight.half_life_days > 0.0;
  }

  absl::StatusOr<Dataset> Read(Arena& arena, std::ostream& remarks) {
    InteractionTableBuilder builder(NeedsTimes() ? Times::kKept : Times::kDropped);
    const SteadyClock::time_point begin = SteadyClock::now();
    RIDGELINE_RETURN_IF_ERROR(ReadInto(flags_.train, data_options_, arena, remarks, &builder));
    read_seconds_ = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    InteractionTable table = builder.Build();
    if (table.size() == 0) {
      return absl::FailedPreconditionError(absl::StrCat(flags_.train, ": there is nothing to train on"));
    }
    DecayFromNewest(table, options_.als.hyperparameters.event_weight);
    return BuildDataset(std::move(table), data_options_.feedback);
  }

  void Print(const TrainingResult& result, const Dataset& dataset, const std::string& place,
             std::ostream& out) const {
    if (flags_.json) {
      const nlohmann::ordered_json json = {{"output", place},
                                           {"users", dataset.users->size()},
                                           {"items", dataset.items->size()},
                                           {"interactions", dataset.by_user.entries()},
                                           {"read_seconds", read_seconds_},
                                           {"train_seconds", result.train_seconds},
                                           {"peak_rss_bytes", PeakResidentBytes()},
                                           {"epoch_seconds", result.epoch_seconds},
                                           {"objective", result.objective}};
      out << json.dump() << "\n";
      return;
    }
    out << absl::StrFormat("%d users, %d items, %d interactions; trained in %.2f s; wrote %s\n",
                           dataset.users->size(), dataset.items->size(), dataset.by_user.entries(),
                           result.train_seconds, place);
  }

  TrainFlags flags_;
  TrainingOptions options_;
  DataOptions data_options_;
  double read_seconds_ = 0.0;  // from opening the file to the last of its lines in the table
};

}  // namespace

std::unique_ptr<Command> AddTrainCommand(CLI::App& app) {
  auto command = std::make_unique<TrainCommand>();
  TrainFlags& flags = command->flags();
  CLI::App& sub =
      *app.add_subcommand("train", "Trains on a whole file and writes the model's files into a folder");
  sub.add_option("--train", flags.train, "File of interactions; .gz and .zst are read too")->required();
  AddModelOutputFlags(sub, &flags.output);
  sub.add_option("--warm-start", flags.warm_start,
                 "Folder of a model to start from, of the same --factors and --feedback; als only");
  AddDataFlags(sub, &flags.data);
  AddTrainingFlags(sub, &flags.training);
  sub.add_flag("--json", flags.json, "Print one JSON object");
  sub.footer("Example:\n  ridgeline-lab train --train ratings.csv --feedback explicit --output model");
  return command;
}

}  // namespace ridgeline
