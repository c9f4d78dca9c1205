#ifndef RIDGELINE_CORE_SERVING_SNAPSHOT_REAPER_H_
#define RIDGELINE_CORE_SERVING_SNAPSHOT_REAPER_H_

#include <memory>
#include <thread>

#include "core/serving/serving_snapshot.h"

namespace ridgeline {

/// Frees snapshots on a thread of its own and gives their memory back to the system, so that no request pays
/// for it. Thread-safe.
class SnapshotReaper {
 public:
  SnapshotReaper();

  /// Frees what it was handed and joins its thread.
  ~SnapshotReaper();
  SnapshotReaper(const SnapshotReaper&) = delete;
  SnapshotReaper& operator=(const SnapshotReaper&) = delete;

  /// A pointer to `snapshot`, null for null. Whoever drops its last copy only wakes the reaper, which frees
  /// the snapshot at once. A copy that outlives the reaper frees the snapshot itself.
  std::shared_ptr<const ServingSnapshot> Guard(std::shared_ptr<const ServingSnapshot> snapshot);

  /// How many guarded snapshots are not freed yet.
  int unfreed() const;

  /// Waits until at most `count` are not freed.
  void WaitUntilUnfreed(int count) const;

 private:
  struct State;

  const std::shared_ptr<State> state_;  // shared with the pointers that were given out
  std::thread thread_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_SNAPSHOT_REAPER_H_
