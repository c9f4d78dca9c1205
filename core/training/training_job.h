#ifndef RIDGELINE_CORE_TRAINING_TRAINING_JOB_H_
#define RIDGELINE_CORE_TRAINING_TRAINING_JOB_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/als/als_trainer.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/catalog/catalog.h"
#include "core/dataset/dataset.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_file.h"
#include "core/training/training_run.h"
#include "core/training/validation_gate.h"

namespace ridgeline {

/// What a job does and with what. A plain value; the pointers must outlive the job.
struct TrainingJobOptions {
  AlsOptions als;            ///< `iterations` are those of the first training
  int final_iterations = 6;  ///< on all data after the held-out part was measured
  double validation_fraction =
      0.0;  ///< newest share held out to measure the model; 0: none, one training only
  double validation_tolerance = 0.05;       ///< see JudgeModel
  const FactorModel* warm_start = nullptr;  ///< of the same feedback and K; null: cold
  LiveModel live;                           ///< what the new model is held against
  const InteractionLog* log = nullptr;
  const Catalog* catalog = nullptr;  ///< what PlaceColdItems adds to the model; null: nothing
  Arena* arena = nullptr;
  const CancellationToken* cancellation = nullptr;
};

/// Hears how far a job is, on the job's thread.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;

  virtual void OnPhase(TrainingPhase phase) = 0;

  /// `iteration` of `iterations` over all trainings of the job are done, 0 before the first; `eta` is that of
  /// the rest.
  virtual void OnIteration(int iteration, int iterations, double objective, absl::Duration eta) = 0;
};

/// A trained model that is not published yet; its info lacks version and create_time.
struct TrainedModel : StoredModel {
  GateVerdict verdict;
};

/// Trains one model from the log. Thread-compatible: one run, one thread.
///
/// With a held-out part: trains on the rest, measures, then goes on from those factors on all data, so that
/// the newest interactions are both measured on and learned from. JudgeModel judges by both models; items
/// that only the catalogue has come last.
class TrainingJob {
 public:
  /// `observer` must outlive the job.
  TrainingJob(const TrainingJobOptions& options, TrainingObserver* observer)
      : options_(options), observer_(observer) {}

  /// Reads the log as it is now and trains. kCancelled, kFailedPrecondition when there is nothing to train
  /// on, kInvalidArgument naming a bad option, the log's and the trainer's errors.
  absl::StatusOr<TrainedModel> Run();

 private:
  // Trains, and says in `trained` what the held-out part tells.
  absl::StatusOr<std::shared_ptr<const FactorModel>> TrainAndValidate(InteractionTable table,
                                                                      TrainedModel& trained);
  absl::StatusOr<std::shared_ptr<const FactorModel>> Train(const Dataset& dataset, int iterations,
                                                           const FactorModel* warm_start);
  absl::Status PlaceItems(TrainedModel& trained) const;
  bool CanValidate() const { return options_.validation_fraction > 0.0; }

  TrainingJobOptions options_;  // its event_weight gets its reference time from the data
  TrainingObserver* const observer_;
  int iterations_to_do_ = 0;              // of all trainings
  int iterations_done_ = 0;               // of trainings before the present one and of it
  double objective_ = 0.0;                // after the latest iteration
  absl::Duration train_time_;             // of all trainings
  std::vector<float> item_interactions_;  // [items] of the latest training
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_TRAINING_JOB_H_
