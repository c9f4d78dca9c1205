#ifndef RIDGELINE_CORE_SERVING_SNAPSHOT_HOLDER_H_
#define RIDGELINE_CORE_SERVING_SNAPSHOT_HOLDER_H_

#include <memory>
#include <vector>

#include "core/base/mutex.h"
#include "core/serving/serving_snapshot.h"

namespace ridgeline {

/// The snapshot being served, and those that requests still use. Thread-safe.
///
/// Retired snapshots stay referenced here until no request uses them, and are freed by the thread that calls
/// Swap or FreeRetired, never by a request's.
class SnapshotHolder {
 public:
  /// The live snapshot, null before the first Swap. The caller keeps it for the whole of a request.
  std::shared_ptr<const ServingSnapshot> Get() const;

  /// Makes `snapshot` live; requests that hold the old one finish with it.
  void Swap(std::shared_ptr<const ServingSnapshot> snapshot);

  /// Frees retired snapshots that nobody uses any more; returns how many are still in use.
  int FreeRetired();

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const ServingSnapshot> live_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<const ServingSnapshot>> retired_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_SNAPSHOT_HOLDER_H_
