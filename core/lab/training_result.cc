#include "core/lab/training_result.h"

#include <chrono>

#include "absl/time/time.h"
#include "core/als/als_trainer.h"
#include "core/base/status_macros.h"
#include "core/baselines/bias_only.h"
#include "core/baselines/bpr.h"
#include "core/baselines/popularity.h"
#include "core/baselines/sgd.h"

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

absl::StatusOr<std::shared_ptr<const FactorModel>> Train(const Dataset& dataset,
                                                         const TrainingOptions& options, Arena& arena,
                                                         const FactorModel* warm_start,
                                                         TrainingResult* result) {
  const auto record = [result](const AlsProgress& progress) {
    result->epoch_seconds.push_back(absl::ToDoubleSeconds(progress.iteration_time));
    result->objective.push_back(progress.objective);
  };
  switch (options.algorithm) {
    case Algorithm::kPopularity:
      return TrainPopularity(dataset);
    case Algorithm::kBias:
      return TrainBiasOnly(dataset, {options.bias_only_regularization, options.als.iterations});
    case Algorithm::kSgd:
      return TrainSgd(dataset, options.descent.descent, {&arena, nullptr, record});
    case Algorithm::kBpr:
      return TrainBpr(dataset, options.descent, {&arena, nullptr, record});
    case Algorithm::kAls:
      break;
  }
  AlsRun run;
  run.arena = &arena;
  run.on_progress = record;
  run.warm_start = warm_start;
  return TrainAls(dataset, options.als, run);
}

}  // namespace

absl::StatusOr<TrainingResult> TrainModel(const Dataset& dataset, const TrainingOptions& options,
                                          Arena& arena, const FactorModel* warm_start) {
  TrainingResult result;
  const SteadyClock::time_point begin = SteadyClock::now();
  RIDGELINE_ASSIGN_OR_RETURN(result.model, Train(dataset, options, arena, warm_start, &result));
  result.train_seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  return result;
}

}  // namespace ridgeline
