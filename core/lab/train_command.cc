#include "core/lab/train_command.h"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/lab/data_flags.h"
#include "core/lab/training_flags.h"
#include "core/lab/training_result.h"
#include "core/model/model_file.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

struct TrainFlags {
  std::string train;
  std::string output;
  bool json = false;
  DataFlags data;
  TrainingFlags training;
};

// Says before any work that `directory` can take a model: it is absent or empty.
absl::Status CheckOutput(const std::string& directory) {
  std::error_code error;
  if (!fs::exists(directory, error)) return absl::OkStatus();
  if (!fs::is_directory(directory, error)) {
    return absl::InvalidArgumentError(absl::StrCat("output: '", directory, "' is not a folder"));
  }
  const bool empty = fs::is_empty(directory, error);
  if (!error && empty) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("output: the folder '", directory, "' is not empty; name a new or an empty one"));
}

absl::Status WriteModel(const std::string& directory, const FactorModel& model, const ModelInfo& info) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot make ", directory));
  RIDGELINE_RETURN_IF_ERROR(WriteModelFiles(directory, model, info));
  return SyncDirectory(directory);
}

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
    return CheckOutput(flags_.output);
  }

  absl::Status Run(const Console& console) override {
    RIDGELINE_ASSIGN_OR_RETURN(const Dataset dataset, Read(console.err));
    Arena arena(options_.threads);
    RIDGELINE_ASSIGN_OR_RETURN(const TrainingResult result, TrainModel(dataset, options_, arena));
    const ModelInfo info = InfoOf(result, options_, dataset.by_user.entries());
    RIDGELINE_RETURN_IF_ERROR(WriteModel(flags_.output, *result.model, info));
    Print(result, dataset, console.out);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<Dataset> Read(std::ostream& remarks) const {
    InteractionTableBuilder builder;
    RIDGELINE_RETURN_IF_ERROR(ReadInto(flags_.train, data_options_, remarks, &builder));
    const InteractionTable table = builder.Build();
    if (table.size() == 0) {
      return absl::FailedPreconditionError(absl::StrCat(flags_.train, ": there is nothing to train on"));
    }
    return BuildDataset(table, data_options_.feedback);
  }

  void Print(const TrainingResult& result, const Dataset& dataset, std::ostream& out) const {
    if (flags_.json) {
      const nlohmann::ordered_json json = {{"output", flags_.output},
                                           {"users", dataset.users->size()},
                                           {"items", dataset.items->size()},
                                           {"interactions", dataset.by_user.entries()},
                                           {"train_seconds", result.train_seconds},
                                           {"epoch_seconds", result.epoch_seconds},
                                           {"objective", result.objective}};
      out << json.dump() << "\n";
      return;
    }
    out << absl::StrFormat("%d users, %d items, %d interactions; trained in %.2f s; wrote %s\n",
                           dataset.users->size(), dataset.items->size(), dataset.by_user.entries(),
                           result.train_seconds, flags_.output);
  }

  TrainFlags flags_;
  TrainingOptions options_;
  DataOptions data_options_;
};

}  // namespace

std::unique_ptr<Command> AddTrainCommand(CLI::App& app) {
  auto command = std::make_unique<TrainCommand>();
  TrainFlags& flags = command->flags();
  CLI::App& sub =
      *app.add_subcommand("train", "Trains on a whole file and writes the model's files into a folder");
  sub.add_option("--train", flags.train, "File of interactions; .gz and .zst are read too")->required();
  sub.add_option("--output", flags.output, "Folder for manifest.json and factors.safetensors; new or empty")
      ->required();
  AddDataFlags(sub, &flags.data);
  AddTrainingFlags(sub, &flags.training);
  sub.add_flag("--json", flags.json, "Print one JSON object");
  sub.footer("Example:\n  ridgeline-lab train --train ratings.csv --feedback explicit --output model");
  return command;
}

}  // namespace ridgeline
