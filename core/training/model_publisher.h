#ifndef RIDGELINE_CORE_TRAINING_MODEL_PUBLISHER_H_
#define RIDGELINE_CORE_TRAINING_MODEL_PUBLISHER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/base/parallel.h"
#include "core/catalog/catalog.h"
#include "core/model/model_store.h"
#include "core/serving/recommender.h"
#include "core/serving/served_models.h"
#include "core/serving/snapshot_holder.h"

namespace ridgeline {

/// What is served at one moment, by name. A plain value.
struct ServedVersions {
  std::string live;        ///< "" before the first model
  std::string experiment;  ///< the id of the one that runs, "" when none does
};

ServedVersions VersionsOf(const ServedModels& served);

/// Puts models into the store and into service, one at a time, so that what the store calls live, and the
/// experiment that it holds, are what is served. A model is read, indexed and warmed up on a thread of the
/// training arena before requests see it. Thread-safe.
class ModelPublisher {
 public:
  /// Asked once others that load a model are done: OK, or why this one is not to be loaded any more.
  using StillWanted = std::function<absl::Status()>;

  /// The pointers must outlive the publisher; `recommender`, which warms each snapshot up, may be null.
  /// `keep_versions` models stay on disk, at least 1.
  ModelPublisher(ModelStore* store, Catalog* catalog, SnapshotHolder* snapshots, Recommender* recommender,
                 Arena* arena, int keep_versions)
      : store_(store),
        catalog_(catalog),
        snapshots_(snapshots),
        recommender_(recommender),
        arena_(arena),
        keep_versions_(keep_versions) {}

  /// Writes `trained` to the store and returns it as its newest version, not live yet. The store's errors.
  absl::StatusOr<StoredModel> Write(StoredModel trained);

  /// Makes a version that is in the store live, on disk and then in memory, and prunes old versions. Where
  /// another model than that of `judged_beside` is live by now, or an experiment has begun, somebody has
  /// decided so since: the version is held back then, for the reason that the info returned has. The store's
  /// errors, kResourceExhausted when memory runs out; the live model is the old one then.
  absl::StatusOr<ModelInfo> MakeLive(StoredModel stored, const ServedVersions& judged_beside);

  /// Removes old versions, see ModelStore::Prune. What cannot be removed costs disk only and goes another
  /// time.
  void Prune() { store_->Prune(keep_versions_).IgnoreError(); }

  /// Reads `version` from the store, unless it is loaded as a candidate, and makes it live. The error of
  /// `wanted`, kNotFound, kDataLoss when it is damaged, the errors of MakeLive; the live model is the old one
  /// then.
  absl::StatusOr<ModelInfo> Activate(const std::string& version, const StillWanted& wanted = absl::OkStatus);

  /// Reads anew what is served of `versions`, which were changed in the store: the live model, the candidate
  /// of the experiment. As Activate.
  absl::Status Reload(const std::vector<std::string>& versions);

  /// Runs `experiment` against the live model, in place of any other; returns it with its live version, the
  /// start of the one that it goes on with, and an id of both versions where it has none. The errors of
  /// ValidateExperiment; kFailedPrecondition when no model is live or another becomes so meanwhile; else as
  /// Activate. What was served is served on then.
  absl::StatusOr<Experiment> SetExperiment(Experiment experiment, const StillWanted& wanted = absl::OkStatus);

  /// Ends the experiment and returns it. kNotFound when there is none, the store's errors.
  absl::StatusOr<Experiment> EndExperiment();

 private:
  using SnapshotPointer = std::shared_ptr<const ServingSnapshot>;

  // Builds the index of `stored` and warms it up.
  SnapshotPointer Prepare(StoredModel stored);

  // `version` as it is served as a candidate already, else as Read.
  absl::StatusOr<SnapshotPointer> Load(const std::string& version) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // `version` from the store, prepared.
  absl::StatusOr<SnapshotPointer> Read(const std::string& version) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Writes `stored`, which says why, as held back.
  absl::StatusOr<ModelInfo> KeepAside(StoredModel stored) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::StatusOr<ModelInfo> SwapIn(SnapshotPointer snapshot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Does `work` on a thread of the arena, so that no request has to share its processor on equal terms.
  absl::Status RunAside(const std::function<absl::Status()>& work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ModelStore* const store_;
  Catalog* const catalog_;
  SnapshotHolder* const snapshots_;
  Recommender* const recommender_;
  Arena* const arena_;
  const int keep_versions_;
  // Held while a snapshot is prepared, so that memory never holds two that are not live yet, and to the swap:
  // whoever is last in the store is last in service.
  Mutex mutex_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_MODEL_PUBLISHER_H_
