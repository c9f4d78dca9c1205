#ifndef RIDGELINE_CLIENT_BACKUP_STAGING_FOLDER_H_
#define RIDGELINE_CLIENT_BACKUP_STAGING_FOLDER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ridgeline {

/// A folder that is filled as `TARGET.partial` and gets its name when it is complete: what has the name is
/// whole, whenever the process or the machine dies. Thread-compatible.
class StagingFolder {
 public:
  /// What may be at `target` before.
  enum class Target { kAbsent, kAbsentOrEmpty };

  /// Makes `TARGET.partial`, for the eyes of its owner only, empty; what a killed process left there goes.
  /// kAlreadyExists when something else is at `target` than may be, kFailedPrecondition when another process
  /// fills the folder or `target` is a mount point, else the disk's error.
  static absl::StatusOr<std::unique_ptr<StagingFolder>> Create(std::string target, Target allowed);

  /// Removes the folder unless it was published.
  ~StagingFolder();
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;

  /// Where the folder is until it is published.
  const std::string& path() const { return path_; }

  /// Syncs all folders and gives this one the name of its target. The files must be synced. kAlreadyExists
  /// when something came there meanwhile, else the disk's error.
  absl::Status Publish();

 private:
  StagingFolder(std::string target, std::string path, int fd);

  const std::string target_;
  const std::string path_;
  const int fd_;  // holds the lock
  bool published_ = false;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_BACKUP_STAGING_FOLDER_H_
