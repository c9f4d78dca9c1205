#ifndef RIDGELINE_CORE_TRAINING_MODEL_PUBLISHER_H_
#define RIDGELINE_CORE_TRAINING_MODEL_PUBLISHER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/catalog/catalog.h"
#include "core/model/model_store.h"
#include "core/serving/snapshot_holder.h"

namespace ridgeline {

/// Puts models into the store and into service, one at a time, so that what the store calls live is what is
/// served. Thread-safe.
class ModelPublisher {
 public:
  /// The pointers must outlive the publisher. `keep_versions` models stay on disk, at least 1.
  ModelPublisher(ModelStore* store, Catalog* catalog, SnapshotHolder* snapshots, int keep_versions)
      : store_(store), catalog_(catalog), snapshots_(snapshots), keep_versions_(keep_versions) {}

  /// Writes `trained` to the store and returns it as its newest version, not live yet. The store's errors.
  absl::StatusOr<StoredModel> Write(StoredModel trained);

  /// Makes a version that is in the store live, on disk and then in memory, and prunes old versions. The
  /// store's errors; the live model is the old one then.
  absl::StatusOr<ModelInfo> MakeLive(StoredModel stored);

  /// Reads `version` from the store and makes it live. kNotFound, kDataLoss when it is damaged, the store's
  /// errors; the live model is the old one then.
  absl::StatusOr<ModelInfo> Activate(const std::string& version);

 private:
  ModelStore* const store_;
  Catalog* const catalog_;
  SnapshotHolder* const snapshots_;
  const int keep_versions_;
  Mutex mutex_;  // held from the store's change to the swap: whoever is last in one is last in the other
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_MODEL_PUBLISHER_H_
