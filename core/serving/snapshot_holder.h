#ifndef RIDGELINE_CORE_SERVING_SNAPSHOT_HOLDER_H_
#define RIDGELINE_CORE_SERVING_SNAPSHOT_HOLDER_H_

#include <memory>

#include "core/base/mutex.h"
#include "core/serving/recommendation.h"
#include "core/serving/served_models.h"
#include "core/serving/serving_snapshot.h"
#include "core/serving/snapshot_reaper.h"

namespace ridgeline {

/// The snapshots being served. Thread-safe.
///
/// A retired snapshot lives until the last request that uses it ends; then the reaper's thread frees it,
/// never the request's.
class SnapshotHolder {
 public:
  /// The live snapshot, null before the first Swap. The caller keeps it for the whole of a request.
  std::shared_ptr<const ServingSnapshot> Get() const;

  /// The live snapshot and the candidate of the experiment that runs.
  ServedModels All() const;

  /// The one of All() that answers `subject`.
  std::shared_ptr<const ServingSnapshot> GetFor(const Subject& subject) const;

  /// Makes `snapshot` live; requests that hold the old one finish with it. An experiment against another
  /// version than `snapshot`'s ends.
  void Swap(std::shared_ptr<const ServingSnapshot> snapshot);

  /// Splits the users between the live snapshot and `candidate` from now on; null: all get the live one.
  void SetCandidate(std::shared_ptr<const Candidate> candidate);

  /// How many retired snapshots are not freed yet, mostly because requests use them.
  int retired() const;

  /// Waits until every retired snapshot is freed. Not to be called by one who holds one.
  void WaitForRetired() const;

 private:
  // `snapshot` in the reaper's care, where it is served already as it is.
  std::shared_ptr<const ServingSnapshot> Guarded(std::shared_ptr<const ServingSnapshot> snapshot);

  // How many snapshots there are when none is retired.
  int served_count() const;

  SnapshotReaper reaper_;
  mutable Mutex mutex_;
  ServedModels served_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_SNAPSHOT_HOLDER_H_
