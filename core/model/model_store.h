#ifndef RIDGELINE_CORE_MODEL_MODEL_STORE_H_
#define RIDGELINE_CORE_MODEL_MODEL_STORE_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/base/file_lock.h"
#include "core/base/mutex.h"
#include "core/model/experiment.h"
#include "core/model/model_file.h"

namespace ridgeline {

/// The versions of a model on disk: `<directory>/<version>/` each, and a file LIVE that names the one to
/// serve. Versions are "v000001", "v000002", ...; a number is never used twice. A file EXPERIMENT, while
/// there is one, holds the experiment that runs. Thread-safe; one process at a time, which the lock of a file
/// LOCK sees to.
///
/// Invariants: (1) a folder named v* is complete, since it is written as tmp.* and renamed, and durably
/// called tmp.* again before its files go; (2) LIVE changes by rename, so a crash leaves the old or the new
/// version live; (3) neither the live version nor the candidate of an experiment is ever pruned.
class ModelStore {
 public:
  /// Opens the store in `directory`, made when absent; removes what a crash left half-written.
  /// kFailedPrecondition while another store has it open, kPermissionDenied or kUnavailable when the folder
  /// cannot be used.
  static absl::StatusOr<std::unique_ptr<ModelStore>> Open(const std::string& directory);

  /// Writes `model` durably as a new version and returns its info with the version set; does not make it
  /// live. kUnavailable, kResourceExhausted or kPermissionDenied when the disk refuses: nothing changed then,
  /// or, where it was the last sync, there is one whole version more. kInvalidArgument when a manifest cannot
  /// hold `info`, kResourceExhausted also when LIVE or a folder has the last number, of 18 digits: nothing
  /// changed.
  absl::StatusOr<ModelInfo> Publish(const FactorModel& model, ModelInfo info);

  /// Puts `model` in the place of the version that `info` names, durably and in one step: it is found as it
  /// was or as it is. kNotFound when there is no such version, else the errors of Publish: either may be
  /// found then, and files of the other may be left until RemoveLeftovers.
  absl::Status Replace(const FactorModel& model, const ModelInfo& info);

  /// Makes `version` the one to serve from the next start on; an experiment against another one ends.
  /// kNotFound when there is no such version, the disk's error as in Publish: the version before stays the
  /// one to serve then, unless the disk refuses to have that back, too.
  absl::Status SetLive(const std::string& version);

  /// The version to serve, "" when none was ever made live. kDataLoss when LIVE names no version, else the
  /// errors of ReadFile.
  absl::StatusOr<std::string> LiveVersion() const;

  /// Makes `experiment`, a valid one, the one that runs from the next start on. kNotFound when there is no
  /// such candidate, kFailedPrecondition when its live version is not the live one, the errors of
  /// LiveVersion, the disk's error as in Publish: what was before stays then, unless the disk refuses to have
  /// that back, too.
  absl::Status SetExperiment(const Experiment& experiment);

  /// Ends the experiment; OK also when there is none. The disk's error as in Publish: the next start may find
  /// it or not, so repeat the call.
  absl::Status EndExperiment();

  /// The experiment, none when none was set since its live version became that or one of its versions is
  /// gone. kDataLoss when EXPERIMENT holds none, the disk's error as in Publish, else the errors of
  /// LiveVersion and ReadFile.
  absl::StatusOr<absl::optional<Experiment>> CurrentExperiment() const;

  /// Reads one version whole, as it was or as it is where Replace or Prune come in between. kNotFound, the
  /// disk's error as in Publish, or the errors of ReadModelFiles; kDataLoss also when the folder holds
  /// another version's files.
  absl::StatusOr<StoredModel> Load(const std::string& version) const;

  /// The manifests, oldest first; versions whose manifest cannot be read are left out. The disk's error as in
  /// Publish.
  absl::StatusOr<std::vector<ModelInfo>> List() const;

  /// The names of all versions, oldest first, also of those whose files cannot be read. The disk's error as
  /// in Publish.
  absl::StatusOr<std::vector<std::string>> Versions() const;

  /// Makes `directory`, absent so far, a store of its own with all versions, the live one and the experiment;
  /// files are linked where it is on the store's disk. The disk's error when it refuses: what is there of the
  /// directory is to be removed then.
  absl::Status Checkpoint(const std::string& directory) const;

  /// Removes all but the newest `keep` versions that were not held back, the newest one that was, the live
  /// one and the candidate of an experiment: a row of models that nobody wants cannot push out those that one
  /// may want to go back to. kInvalidArgument when `keep` is below 1, the errors of LiveVersion and
  /// CurrentExperiment: nothing is removed then. The disk's error as in Publish; what it kept of versions
  /// that are gone is left to RemoveLeftovers.
  absl::Status Prune(int keep);

  /// Removes files of versions that are gone or were replaced, should the disk have kept them, and of those
  /// that were never finished. OK also when there are none; the disk's error when it keeps them still.
  absl::Status RemoveLeftovers();

 private:
  ModelStore(std::string directory, std::unique_ptr<FileLock> lock)
      : directory_(std::move(directory)), lock_(std::move(lock)) {}

  absl::Status FindNextNumber();
  absl::StatusOr<int64_t> TakeNumber();
  void EndPublishing(int64_t number);
  absl::Status WriteLive(const std::string& version) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RemoveExperiment() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Lets two folders of the store change places.
  absl::Status Exchange(const std::string& temporary, const std::string& final_path)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::StatusOr<OpenModel> OpenFiles(const std::string& version) const;
  absl::StatusOr<ModelInfo> ReadInfo(const std::string& version) const;

  // Takes the version's name from its folder, which goes with the other leftovers.
  absl::Status UnnameVersion(int64_t number) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RemoveTemporaries() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // OK when `version` is the name of a folder here, and not of a link to one; kNotFound, or the disk's error.
  absl::Status CheckHas(const std::string& version) const;
  bool WasHeldBack(const std::string& version) const;
  std::string VersionDirectory(const std::string& version) const;
  std::string ExperimentPath() const;

  const std::string directory_;
  const std::unique_ptr<FileLock> lock_;
  mutable Mutex mutex_;
  // Held while a folder gives up its name, and while files of one are opened: who reads a model that is
  // replaced or pruned has it as it was or as it is.
  mutable Mutex names_mutex_ ABSL_ACQUIRED_AFTER(mutex_);
  int64_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
  int64_t replacements_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<std::string> publishing_ ABSL_GUARDED_BY(mutex_);  // names of the folders that Publish fills
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_MODEL_STORE_H_
