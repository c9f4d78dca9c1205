#include "core/lab/training_result.h"

#include <chrono>

#include "absl/time/time.h"
#include "core/als/als_trainer.h"
#include "core/base/status_macros.h"
#include "core/baselines/bias_only.h"
#include "core/baselines/popularity.h"

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

absl::StatusOr<std::shared_ptr<const FactorModel>> Train(const Dataset& dataset,
                                                         const TrainingOptions& options, Arena& arena,
                                                         TrainingResult* result) {
  switch (options.algorithm) {
    case Algorithm::kPopularity:
      return TrainPopularity(dataset);
    case Algorithm::kBias:
      return TrainBiasOnly(dataset, {options.bias_only_regularization, options.als.iterations});
    case Algorithm::kAls:
      break;
  }
  AlsRun run;
  run.arena = &arena;
  run.on_progress = [result](const AlsProgress& progress) {
    result->epoch_seconds.push_back(absl::ToDoubleSeconds(progress.iteration_time));
    result->objective.push_back(progress.objective);
  };
  return TrainAls(dataset, options.als, run);
}

}  // namespace

absl::StatusOr<TrainingResult> TrainModel(const Dataset& dataset, const TrainingOptions& options,
                                          Arena& arena) {
  TrainingResult result;
  const SteadyClock::time_point begin = SteadyClock::now();
  RIDGELINE_ASSIGN_OR_RETURN(result.model, Train(dataset, options, arena, &result));
  result.train_seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  return result;
}

}  // namespace ridgeline
