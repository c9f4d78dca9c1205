#ifndef RIDGELINE_SERVER_TRAINING_WATCHERS_H_
#define RIDGELINE_SERVER_TRAINING_WATCHERS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "core/training/training_run.h"

namespace ridgeline {

/// Somebody who wants to see every change of one training run. Thread-safe; calls must not block.
class TrainingWatcher {
 public:
  virtual ~TrainingWatcher() = default;

  /// The run as it stands now. Calls of different threads may come out of order: the run's revision tells.
  virtual void Notify(const TrainingRun& run) = 0;

  /// No more changes will come, since the server shuts down.
  virtual void Close() = 0;
};

/// Passes changes of training runs on to those who watch them. No thread waits meanwhile, however many watch.
/// Thread-safe.
class TrainingWatchers {
 public:
  /// At most `capacity` watchers at a time.
  explicit TrainingWatchers(size_t capacity) : capacity_(capacity) {}

  /// From now on `watcher` is notified of the changes of run `run_id`. kResourceExhausted when there are too
  /// many, kUnavailable after CloseAll.
  absl::Status Add(const std::string& run_id, std::shared_ptr<TrainingWatcher> watcher);

  /// A notification of `watcher` may still be under way; nothing happens if it was not added.
  void Remove(const TrainingWatcher* watcher);

  /// Notifies everybody who watches `run`.
  void Notify(const TrainingRun& run);

  /// Closes every watcher and refuses new ones.
  void CloseAll();

 private:
  struct Entry {
    std::string run_id;
    std::shared_ptr<TrainingWatcher> watcher;
  };

  const size_t capacity_;
  Mutex mutex_;
  absl::flat_hash_map<const TrainingWatcher*, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_TRAINING_WATCHERS_H_
