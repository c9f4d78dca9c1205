#include "server/training_watchers.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ridgeline {

absl::Status TrainingWatchers::Add(const std::string& run_id, std::shared_ptr<TrainingWatcher> watcher) {
  MutexLock lock(&mutex_);
  if (closed_) return absl::UnavailableError("the server is shutting down");
  if (entries_.size() >= capacity_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("trainings are watched by ", capacity_, " calls already"));
  }
  const TrainingWatcher* key = watcher.get();
  entries_[key] = Entry{run_id, std::move(watcher)};
  return absl::OkStatus();
}

void TrainingWatchers::Remove(const TrainingWatcher* watcher) {
  // The watcher's destructor may come back to us: not under the lock.
  std::shared_ptr<TrainingWatcher> removed;
  MutexLock lock(&mutex_);
  const auto found = entries_.find(watcher);
  if (found == entries_.end()) return;
  removed = std::move(found->second.watcher);
  entries_.erase(found);
}

void TrainingWatchers::Notify(const TrainingRun& run) {
  std::vector<std::shared_ptr<TrainingWatcher>> watchers;
  {
    MutexLock lock(&mutex_);
    for (const auto& [key, entry] : entries_) {
      if (entry.run_id == run.id) watchers.push_back(entry.watcher);
    }
  }
  for (const auto& watcher : watchers) watcher->Notify(run);
}

void TrainingWatchers::CloseAll() {
  absl::flat_hash_map<const TrainingWatcher*, Entry> entries;
  {
    MutexLock lock(&mutex_);
    closed_ = true;
    entries.swap(entries_);
  }
  for (const auto& [key, entry] : entries) entry.watcher->Close();
}

}  // namespace ridgeline
