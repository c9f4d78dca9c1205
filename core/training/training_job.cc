#include "core/training/training_job.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/training/cold_item_placement.h"
#include "core/training/model_validation.h"
#include "core/training/training_data.h"
#include "core/training/validation_split.h"

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
      ReadTrainingTable(*options_.log, trained.info.trained_through_sequence,
                        options_.als.hyperparameters.event_weight, *options_.cancellation));
  observer_->OnPhase(TrainingPhase::kBuilding);
  RIDGELINE_ASSIGN_OR_RETURN(table, AggregateEvidence(std::move(table), feedback));
  trained.info.interactions = table.size();

  RIDGELINE_ASSIGN_OR_RETURN(trained.model, TrainAndValidate(std::move(table), trained));
  RIDGELINE_RETURN_IF_ERROR(PlaceItems(trained));
  trained.info.iterations = iterations_done_;
  if (trained.verdict.held_back) trained.info.held_back = trained.verdict.reason;
  trained.info.metrics["objective"] = objective_;
  trained.info.metrics["train_seconds"] = absl::ToDoubleSeconds(train_time_);
  return trained;
}

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainingJob::TrainAndValidate(InteractionTable table,
                                                                                 TrainedModel& trained) {
  const Feedback feedback = options_.als.hyperparameters.feedback;
  const int first_iterations = options_.als.iterations;
  iterations_to_do_ = first_iterations;
  Split split;
  if (CanValidate()) split = HoldOutNewest(table, options_.validation_fraction, options_.als.seed);
  if (split.train.size() == 0 || split.test.size() == 0) {
    trained.verdict = NotMeasured(options_.live);
    return Train(BuildDataset(std::move(table), feedback), first_iterations, options_.warm_start);
  }
  const int final_iterations = std::min(first_iterations, options_.final_iterations);
  iterations_to_do_ += final_iterations;
  std::shared_ptr<const FactorModel> model;
  HeldOut held_out;
  ModelValidation validation;
  {
    const Dataset train = BuildDataset(std::exchange(split.train, {}), feedback);
    RIDGELINE_ASSIGN_OR_RETURN(model, Train(train, first_iterations, options_.warm_start));
    observer_->OnPhase(TrainingPhase::kValidating);
    held_out = SampleHeldOut(train, std::exchange(split.test, {}));
    RIDGELINE_ASSIGN_OR_RETURN(
        validation, ValidateModel(*model, train, held_out, options_.live, *options_.log, *options_.arena,
                                  *options_.cancellation));
  }
  iterations_to_do_ = iterations_done_ + final_iterations;  // the first training may have stopped early
  RIDGELINE_ASSIGN_OR_RETURN(model,
                             Train(BuildDataset(std::move(table), feedback), final_iterations, model.get()));
  observer_->OnPhase(TrainingPhase::kValidating);
  RIDGELINE_RETURN_IF_ERROR(ValidateFinalModel(*model, held_out, options_.live, *options_.arena,
                                               *options_.cancellation, validation));
  trained.verdict = JudgeModel(validation, options_.live, options_.validation_tolerance);
  AddMetrics(trained.verdict, &trained.info);
  return model;
}

absl::Status TrainingJob::PlaceItems(TrainedModel& trained) const {
  if (options_.catalog == nullptr) return absl::OkStatus();
  if (options_.cancellation->cancelled()) return absl::CancelledError("cancelled before items were placed");
  RIDGELINE_ASSIGN_OR_RETURN(trained.model,
                             PlaceColdItems(trained.model, item_interactions_, *options_.catalog));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainingJob::Train(const Dataset& dataset, int iterations,
                                                                      const FactorModel* warm_start) {
  observer_->OnPhase(TrainingPhase::kTraining);
  if (iterations_done_ == 0) observer_->OnIteration(0, iterations_to_do_, 0.0, absl::ZeroDuration());
  AlsOptions als = options_.als;
  als.iterations = iterations;
  item_interactions_ = CountEntries(dataset.by_item);
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
