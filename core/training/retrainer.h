#ifndef RIDGELINE_CORE_TRAINING_RETRAINER_H_
#define RIDGELINE_CORE_TRAINING_RETRAINER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/als/als_trainer.h"
#include "core/base/cancellation.h"
#include "core/base/clock.h"
#include "core/base/mutex.h"
#include "core/base/parallel.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_store.h"
#include "core/serving/snapshot_holder.h"
#include "core/training/model_eraser.h"
#include "core/training/model_publisher.h"
#include "core/training/training_job.h"
#include "core/training/training_registry.h"
#include "core/training/training_run.h"

namespace ridgeline {

/// How the retrainer works.
struct RetrainerOptions {
  AlsOptions als;

  /// Iterations when starting from the live factors of the same K, and of the last training on all data, at
  /// least 1. Few keep retraining cheap; too few leave new items where they started.
  int warm_iterations = 6;

  /// Of the low-priority training arena; 0: one a processor.
  int threads = 1;

  /// Models kept on disk beside the live one, at least 1: how far back Activate can go.
  int keep_versions = 5;

  /// Train after so many new interactions; 0: never by count.
  int64_t trigger_interactions = 0;

  /// Train so long after the last run ended, if there is news; 0: never by time.
  absl::Duration trigger_interval = absl::ZeroDuration();

  /// Newest share held out to measure each model, then trained on too; 0 to below 1, 0: none. Measuring about
  /// doubles the time of a run.
  double validation_fraction = 0.05;

  /// The share by which a new model may measure worse than the live one and than the baseline before it is
  /// held back, see JudgeModel; 0 to 1. Small refuses models for differences that nobody would notice.
  double validation_tolerance = 0.05;

  /// Whether items that only the catalogue has are put into new models by their tags, see PlaceColdItems.
  /// Costs a run time that grows with the cube of the number of tags, of which kMaxPlacingTags are used.
  bool place_cold_items = true;
};

/// Turns the log into models: log -> dataset -> trainer -> validation -> items of the catalogue that the log
/// lacks -> store -> snapshot. Owns one thread that trains one run at a time, its loops at low priority.
/// Thread-safe.
///
/// A run that fails or is cancelled leaves the live model as it was, and so does one whose model is held back
/// for being worse, or because somebody made another model live or began an experiment while it was trained:
/// that is stored like any other, for Activate.
class Retrainer {
 public:
  /// The pointers must outlive the retrainer; `recommender`, which warms each new snapshot up, may be null.
  /// `on_change` is called, without locks held, whenever a run changes.
  Retrainer(const RetrainerOptions& options, InteractionLog* log, Catalog* catalog, ModelStore* store,
            SnapshotHolder* snapshots, Recommender* recommender, const Clock* clock,
            std::function<void(const TrainingRun&)> on_change);

  /// Cancels what runs and joins the thread.
  ~Retrainer();
  Retrainer(const Retrainer&) = delete;
  Retrainer& operator=(const Retrainer&) = delete;

  /// What it was made with: the basis for a request that overrides some of it.
  const RetrainerOptions& options() const { return options_; }

  /// Queues a run and returns it. kInvalidArgument naming a bad option, kFailedPrecondition when the log is
  /// empty or a warm start does not fit, kResourceExhausted when one is queued already, kUnavailable after
  /// Stop.
  absl::StatusOr<TrainingRun> Start(const TrainingRequest& request);

  /// kNotFound when there is no such run; the newest when `id` is empty. The last 100 are remembered.
  absl::StatusOr<TrainingRun> Get(const std::string& id) const { return registry_.Get(id); }

  /// The runs, newest first.
  std::vector<TrainingRun> List() const { return registry_.List(); }

  /// Waits until run `id` differs from `seen` (its `revision`), ends, or `timeout` passes; returns the run as
  /// it is then. kNotFound.
  absl::StatusOr<TrainingRun> WaitForChange(const std::string& id, int64_t seen,
                                            absl::Duration timeout) const {
    return registry_.WaitForChange(id, seen, timeout);
  }

  /// Asks run `id` to stop; it ends as kCancelled within one block of rows or users, or succeeds when it was
  /// being published already. kNotFound; kFailedPrecondition when it has ended.
  absl::StatusOr<TrainingRun> Cancel(const std::string& id);

  /// Loads `version` from the store and makes it live, now and at the next start. The error of `wanted`,
  /// which is asked when other models have been loaded, kNotFound, or kDataLoss when it is damaged: the live
  /// model stays then.
  absl::StatusOr<ModelInfo> Activate(const std::string& version,
                                     const ModelPublisher::StillWanted& wanted = absl::OkStatus) {
    return publisher_.Activate(version, wanted);
  }

  /// ModelPublisher::SetExperiment of one that begins now. While it runs no trigger starts a training, whose
  /// model would end it; Start and Activate do.
  absl::StatusOr<Experiment> SetExperiment(Experiment experiment,
                                           const ModelPublisher::StillWanted& wanted = absl::OkStatus);

  /// As ModelPublisher::EndExperiment.
  absl::StatusOr<Experiment> EndExperiment() { return publisher_.EndExperiment(); }

  /// Looks at the triggers once; the retrainer's thread does so every second while it is idle.
  void Poll();

  /// Cancels, refuses new runs, joins the thread. Idempotent.
  void Stop();

 private:
  // What became of a trained model: it is in the store, and live unless it is held back.
  struct Outcome {
    std::string version;
    GateVerdict verdict;
  };

  // A run that waits or is at work.
  struct Job {
    std::string id;
    TrainingRequest request;
    std::shared_ptr<CancellationToken> cancellation;
    bool registered = false;  // the registry has it: from then on it may run
  };

  void RunThread();

  // The job that waits, if one does within the poll interval; it is the running one from then on.
  absl::optional<Job> TakeJob();
  bool Finished();

  static void MarkEnded(const absl::StatusOr<Outcome>& result, TrainingRun& run);

  // Trains `job` and records how that ended.
  void RunJob(const Job& job);
  absl::StatusOr<Outcome> TrainAndPublish(const Job& job);
  absl::StatusOr<TrainedModel> Train(const Job& job);

  // Takes users deleted from the log out of every stored model, and out of memory if the live one had them.
  absl::Status EraseDeletedUsers(const CancellationToken& cancellation);

  // The same after deletions where no training can come: the log is empty.
  void EraseWithoutTraining();

  // The live model where `request` is to start from it and it fits, else null; kFailedPrecondition when it
  // must fit.
  absl::StatusOr<std::shared_ptr<const ServingSnapshot>> WarmStart(const TrainingRequest& request) const;

  // Queues a run; the errors of Start that depend on other runs.
  absl::StatusOr<TrainingRun> Enqueue(const TrainingRequest& request);
  absl::optional<TrainingTrigger> CheckTriggers();

  const RetrainerOptions options_;
  InteractionLog* const log_;
  const Catalog* const catalog_;
  SnapshotHolder* const snapshots_;
  const Clock* const clock_;
  TrainingRegistry registry_;
  Arena arena_;
  ModelPublisher publisher_;
  // Used by the thread alone.
  ModelEraser model_eraser_;
  std::vector<std::string> stale_versions_;  // changed in the store, and perhaps served as they were

  CancellationToken stopped_;

  Mutex mutex_;
  CondVar work_;
  absl::optional<Job> waiting_ ABSL_GUARDED_BY(mutex_);
  absl::optional<Job> running_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t last_run_sequence_ ABSL_GUARDED_BY(mutex_) = 0;  // of the log when the last run began
  absl::Time last_run_end_ ABSL_GUARDED_BY(mutex_);         // or when this was made

  Mutex join_mutex_;  // taken before mutex_
  std::thread thread_ ABSL_GUARDED_BY(join_mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_RETRAINER_H_
