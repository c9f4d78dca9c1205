#include "core/serving/snapshot_reaper.h"

#include <utility>
#include <vector>

#include "core/base/heap.h"
#include "core/base/mutex.h"

namespace ridgeline {

using SnapshotPointer = std::shared_ptr<const ServingSnapshot>;

struct SnapshotReaper::State {
  // Hands `snapshot` over. Once closed nobody else is there to free it: the caller does.
  void Add(SnapshotPointer snapshot) {
    MutexLock lock(&mutex);
    if (closed) return;
    doomed.push_back(std::move(snapshot));
    changed.SignalAll();
  }

  // Waits for snapshots to free; none when closed.
  std::vector<SnapshotPointer> Take() {
    MutexLock lock(&mutex);
    while (doomed.empty() && !closed) changed.Wait(&mutex);
    return std::exchange(doomed, {});
  }

  void CountFreed(size_t snapshots) {
    MutexLock lock(&mutex);
    unfreed -= static_cast<int>(snapshots);
    changed.SignalAll();
  }

  void Run() {
    for (std::vector<SnapshotPointer> taken = Take(); !taken.empty(); taken = Take()) {
      const size_t count = taken.size();
      taken.clear();
      ReturnFreeMemory();
      CountFreed(count);
    }
  }

  Mutex mutex;
  CondVar changed;
  std::vector<SnapshotPointer> doomed ABSL_GUARDED_BY(mutex);
  int unfreed ABSL_GUARDED_BY(mutex) = 0;
  bool closed ABSL_GUARDED_BY(mutex) = false;
};

SnapshotReaper::SnapshotReaper()
    : state_(std::make_shared<State>()), thread_([state = state_] { state->Run(); }) {}

SnapshotReaper::~SnapshotReaper() {
  {
    MutexLock lock(&state_->mutex);
    state_->closed = true;
    state_->changed.SignalAll();
  }
  thread_.join();
}

SnapshotPointer SnapshotReaper::Guard(SnapshotPointer snapshot) {
  if (snapshot == nullptr) return nullptr;
  {
    MutexLock lock(&state_->mutex);
    ++state_->unfreed;
  }
  const ServingSnapshot* const address = snapshot.get();
  auto hand_over = [state = state_, owner = std::move(snapshot)](const ServingSnapshot*) mutable {
    state->Add(std::move(owner));
  };
  return SnapshotPointer(address, std::move(hand_over));
}

int SnapshotReaper::unfreed() const {
  MutexLock lock(&state_->mutex);
  return state_->unfreed;
}

void SnapshotReaper::WaitUntilUnfreed(int count) const {
  MutexLock lock(&state_->mutex);
  while (state_->unfreed > count) state_->changed.Wait(&state_->mutex);
}

}  // namespace ridgeline
