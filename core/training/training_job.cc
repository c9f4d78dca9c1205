#include "core/training/training_job.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/training/model_validation.h"
#include "core/training/training_data.h"

namespace ridgeline {

absl::StatusOr<TrainedModel> TrainingJob::Run() {
  TrainedModel trained;
  trained.info.algorithm = "als";
  trained.info.seed = options_.als.seed;
  trained.info.trained_through_sequence = options_.log->last_sequence();
  const Feedback feedback = options_.als.hyperparameters.feedback;

  observer_->OnPhase(TrainingPhase::kReading);
  RIDGELINE_ASSIGN_OR_RETURN(
      InteractionTable table,
      ReadTrainingTable(*options_.log, trained.info.trained_through_sequence, *options_.cancellation));
  observer_->OnPhase(TrainingPhase::kBuilding);
  RIDGELINE_ASSIGN_OR_RETURN(table, AggregateEvidence(table, feedback));
  trained.info.interactions = table.size();

  RIDGELINE_ASSIGN_OR_RETURN(trained.model, TrainAndValidate(table, trained.info));
  trained.info.iterations = iterations_done_;
  trained.info.metrics["objective"] = objective_;
  trained.info.metrics["train_seconds"] = absl::ToDoubleSeconds(train_time_);
  return trained;
}

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainingJob::TrainAndValidate(
    const InteractionTable& table, ModelInfo& info) {
  const Feedback feedback = options_.als.hyperparameters.feedback;
  const int first_iterations = options_.als.iterations;
  iterations_to_do_ = first_iterations;
  Split split;
  if (CanValidate()) split = HoldOutNewest(table, options_.validation_fraction, options_.als.seed);
  if (split.train.size() == 0 || split.test.size() == 0) {
    return Train(BuildDataset(table, feedback), first_iterations, options_.warm_start);
  }
  const int final_iterations = std::min(first_iterations, options_.final_iterations);
  iterations_to_do_ += final_iterations;
  std::shared_ptr<const FactorModel> model;
  {
    const Dataset train = BuildDataset(std::exchange(split.train, {}), feedback);
    RIDGELINE_ASSIGN_OR_RETURN(model, Train(train, first_iterations, options_.warm_start));
    observer_->OnPhase(TrainingPhase::kValidating);
    RIDGELINE_ASSIGN_OR_RETURN(info.metrics, ValidateModel(*model, train, split.test, *options_.arena));
  }
  iterations_to_do_ = iterations_done_ + final_iterations;  // the first training may have stopped early
  return Train(BuildDataset(table, feedback), final_iterations, model.get());
}

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainingJob::Train(const Dataset& dataset, int iterations,
                                                                      const FactorModel* warm_start) {
  observer_->OnPhase(TrainingPhase::kTraining);
  if (iterations_done_ == 0) observer_->OnIteration(0, iterations_to_do_, 0.0, absl::ZeroDuration());
  AlsOptions als = options_.als;
  als.iterations = iterations;
  const int done_before = iterations_done_;
  const absl::Duration time_before = train_time_;
  AlsRun run;
  run.arena = options_.arena;
  run.cancellation = options_.cancellation;
  run.warm_start = warm_start;
  run.on_progress = [&](const AlsProgress& progress) {
    iterations_done_ = done_before + progress.iteration;
    objective_ = progress.objective;
    train_time_ = time_before + progress.elapsed;
    const int left = iterations_to_do_ - iterations_done_;
    observer_->OnIteration(iterations_done_, iterations_to_do_, objective_,
                           progress.elapsed / progress.iteration * left);
  };
  return TrainAls(dataset, als, run);
}

}  // namespace ridgeline
