#ifndef RIDGELINE_CORE_MODEL_MODEL_STORE_H_
#define RIDGELINE_CORE_MODEL_MODEL_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/model/model_file.h"

namespace ridgeline {

/// The versions of a model on disk: `<directory>/<version>/` each, and a file LIVE that names the one to
/// serve. Versions are "v000001", "v000002", ...; a number is never used twice. Thread-safe; one process at a
/// time.
///
/// Invariants: (1) a folder named v* is complete, since it is written as tmp.* and renamed; (2) LIVE changes
/// by rename, so a crash leaves the old or the new version live; (3) the live version is never pruned.
class ModelStore {
 public:
  /// Opens the store in `directory`, made when absent; removes what a crash left half-written.
  /// kPermissionDenied or kUnavailable when the folder cannot be used.
  static absl::StatusOr<std::unique_ptr<ModelStore>> Open(const std::string& directory);

  /// Writes `model` durably as a new version and returns its info with the version set; does not make it
  /// live. kUnavailable, kResourceExhausted or kPermissionDenied when the disk refuses, kInvalidArgument when
  /// a manifest cannot hold `info`: nothing changed then.
  absl::StatusOr<ModelInfo> Publish(const FactorModel& model, ModelInfo info);

  /// Makes `version` the one to serve from the next start on. kNotFound when there is no such version, the
  /// disk's error as in Publish.
  absl::Status SetLive(const std::string& version);

  /// The version to serve, "" when none was ever made live. kDataLoss when LIVE names no version.
  absl::StatusOr<std::string> LiveVersion() const;

  /// Reads one version whole. kNotFound, or the errors of ReadModelFiles; kDataLoss also when the folder
  /// holds another version's files.
  absl::StatusOr<StoredModel> Load(const std::string& version) const;

  /// The manifests, oldest first; versions whose manifest cannot be read are left out.
  absl::StatusOr<std::vector<ModelInfo>> List() const;

  /// Removes all but the newest `keep` versions and the live one. kInvalidArgument when `keep` is below 1,
  /// kDataLoss when LIVE cannot be read: nothing is removed then.
  absl::Status Prune(int keep);

 private:
  explicit ModelStore(std::string directory) : directory_(std::move(directory)) {}

  absl::Status FindNextNumber();
  int64_t TakeNumber();
  absl::Status RemoveVersion(int64_t number);

  std::string VersionDirectory(const std::string& version) const;

  const std::string directory_;
  mutable Mutex mutex_;
  int64_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_MODEL_STORE_H_
