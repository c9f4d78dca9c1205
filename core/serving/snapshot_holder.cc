#include "core/serving/snapshot_holder.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ridgeline {

std::shared_ptr<const ServingSnapshot> SnapshotHolder::Get() const {
  MutexLock lock(&mutex_);
  return live_;
}

void SnapshotHolder::Swap(std::shared_ptr<const ServingSnapshot> snapshot) {
  {
    MutexLock lock(&mutex_);
    live_.swap(snapshot);
    if (snapshot != nullptr) retired_.push_back(std::move(snapshot));
  }
  FreeRetired();
}

int SnapshotHolder::FreeRetired() {
  std::vector<std::shared_ptr<const ServingSnapshot>>
      unused;  // freed after the lock is, so that Get never waits
  MutexLock lock(&mutex_);
  // A retired snapshot gets no new users, so a count of one stays one.
  const auto first_unused = std::partition(retired_.begin(), retired_.end(),
                                           [](const auto& snapshot) { return snapshot.use_count() > 1; });
  std::move(first_unused, retired_.end(), std::back_inserter(unused));
  retired_.erase(first_unused, retired_.end());
  return static_cast<int>(retired_.size());
}

}  // namespace ridgeline
