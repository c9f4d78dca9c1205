#ifndef RIDGELINE_CORE_TRAINING_TRAINING_REGISTRY_H_
#define RIDGELINE_CORE_TRAINING_TRAINING_REGISTRY_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/mutex.h"
#include "core/training/training_run.h"

namespace ridgeline {

/// The training runs since start-up: the last 100 of them, and those that have not ended. Thread-safe.
class TrainingRegistry {
 public:
  /// `clock` must outlive the registry. `on_change` is called with every run that changed, without locks
  /// held; calls of different threads may overtake each other, which the run's revision tells.
  TrainingRegistry(const Clock* clock, std::function<void(const TrainingRun&)> on_change);

  /// An id for Add that was not given out before.
  std::string NewId();

  /// Adds a run, queued, as `id`.
  TrainingRun Add(const std::string& id, const TrainingRequest& request);

  /// Changes run `id` by `change`, moves its revision and stamps its start and end; returns it as it is then.
  /// A run that is not there or has ended stays as it is.
  TrainingRun Update(const std::string& id, absl::FunctionRef<void(TrainingRun&)> change);

  /// The run as it stands; the newest when `id` is empty. kNotFound.
  absl::StatusOr<TrainingRun> Get(const std::string& id) const;

  /// The runs, newest first.
  std::vector<TrainingRun> List() const;

  /// Waits until the revision of run `id` is not `seen`, it has ended or `timeout` passed. kNotFound.
  absl::StatusOr<TrainingRun> WaitForChange(const std::string& id, int64_t seen,
                                            absl::Duration timeout) const;

 private:
  // Makes room for one more: the oldest run that has ended goes, never one that somebody waits for.
  void ForgetOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // The run named `id`, or the newest for "", or null. Valid until the lock is released.
  const TrainingRun* Find(const std::string& id) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock* const clock_;
  const std::function<void(const TrainingRun&)> on_change_;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  std::deque<TrainingRun> runs_ ABSL_GUARDED_BY(mutex_);  // oldest first
  int64_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_TRAINING_REGISTRY_H_
