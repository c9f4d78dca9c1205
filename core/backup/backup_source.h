#ifndef RIDGELINE_CORE_BACKUP_BACKUP_SOURCE_H_
#define RIDGELINE_CORE_BACKUP_BACKUP_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/catalog/catalog.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_store.h"

namespace ridgeline {

/// One file of a backup.
struct BackupFile {
  std::string path;  ///< below the data folder, e.g. "models/v000001/manifest.json"
  int64_t bytes = 0;
};

class BackupSource;

/// A copy of a data folder that stands still, in links to its files; gone when the object is. Immutable, thus
/// thread-safe.
class BackupView {
 public:
  ~BackupView();
  BackupView(const BackupView&) = delete;
  BackupView& operator=(const BackupView&) = delete;

  /// The folder that the files' paths are below.
  const std::string& directory() const { return directory_; }

  /// All files, in the order of their paths.
  const std::vector<BackupFile>& files() const { return files_; }
  int64_t bytes() const;

 private:
  friend class BackupSource;

  explicit BackupView(BackupSource* source) : source_(source) {}

  BackupSource* const source_;
  std::string directory_;
  std::vector<BackupFile> files_;
};

/// Makes views of a data folder whose stores are open, one at a time. A view costs no copy of the data but
/// keeps the room of what the stores remove meanwhile, and deletions of users from counting as erased: it
/// should not live longer than it takes to read it. Thread-safe.
class BackupSource {
 public:
  /// The stores are those of `data_dir`; they must outlive the source, and the source its views.
  BackupSource(std::string data_dir, InteractionLog* log, Catalog* catalog, ModelStore* models);

  /// A view of what is acknowledged. Its log has all that its models were trained on. kResourceExhausted
  /// while another view lives, else the errors of the stores' Checkpoint.
  absl::StatusOr<std::unique_ptr<BackupView>> Freeze();

  /// Tries again to remove the folder of a view that is gone, should the disk have kept it; deletions of
  /// users do not count as erased before. To be called now and then; costs nothing when there is nothing to
  /// do. OK then, and while a view lives; the disk's error when it refuses.
  absl::Status Settle();

 private:
  friend class BackupView;

  absl::Status Begin();
  void End();
  absl::Status Fill(BackupView* view);

  const std::string directory_;
  InteractionLog* const log_;
  Catalog* const catalog_;
  ModelStore* const models_;
  Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  // Kept beyond the view if its folder could not be removed.
  std::unique_ptr<ErasureHold> hold_ ABSL_GUARDED_BY(mutex_);
};

/// Removes what a process that died left of a view in `data_dir`. To be called by who has opened the stores
/// there, thus is alone in it. The disk's error when it refuses.
absl::Status RemoveAbandonedView(const std::string& data_dir);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BACKUP_BACKUP_SOURCE_H_
