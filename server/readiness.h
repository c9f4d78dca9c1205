#ifndef RIDGELINE_SERVER_READINESS_H_
#define RIDGELINE_SERVER_READINESS_H_

#include <grpcpp/health_check_service_interface.h>

#include "core/base/mutex.h"
#include "core/serving/snapshot_holder.h"

namespace ridgeline {

/// Whether calls should be sent to this server: it has a model, or may start without one, and does not shut
/// down. Tells grpc.health.v1 of it. Thread-safe.
class Readiness {
 public:
  /// `snapshots` must outlive the object.
  Readiness(const SnapshotHolder* snapshots, bool allow_empty_start)
      : snapshots_(snapshots), allow_empty_start_(allow_empty_start) {}

  bool ready() const;

  /// From now on `health` is kept up to date, until Drain.
  void Attach(grpc::HealthCheckServiceInterface* health);

  /// To be called after the live model may have changed.
  void Refresh();

  /// Not ready from now on; `health` is not used any more after this.
  void Drain();

 private:
  bool ReadyLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RefreshLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const SnapshotHolder* const snapshots_;
  const bool allow_empty_start_;
  mutable Mutex mutex_;
  grpc::HealthCheckServiceInterface* health_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_READINESS_H_
