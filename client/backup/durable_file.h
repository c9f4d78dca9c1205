#ifndef RIDGELINE_CLIENT_BACKUP_DURABLE_FILE_H_
#define RIDGELINE_CLIENT_BACKUP_DURABLE_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// A new file that is on the disk once it is finished. Thread-compatible.
class DurableFile {
 public:
  /// Makes the file, and the folders above it. The disk's error, naming the path, when it refuses, as when
  /// something is there.
  static absl::StatusOr<std::unique_ptr<DurableFile>> Create(const std::string& path);

  /// What is not finished is left as it is.
  ~DurableFile();
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;

  /// The disk's error when it refuses.
  absl::Status Append(absl::string_view bytes);

  /// Syncs what was appended. The disk's error when it refuses. To be called once, at last.
  absl::Status Finish();

 private:
  DurableFile(int fd, std::string path);

  const int fd_;
  const std::string path_;
};

/// Hands `on_bytes` the bytes of a regular file, piece by piece. The disk's error, naming the path,
/// kInvalidArgument for anything but a regular file, or the error of `on_bytes`.
absl::Status ReadInPieces(const std::string& path,
                          absl::FunctionRef<absl::Status(absl::string_view)> on_bytes);

/// Syncs the entries of a folder. The disk's error, naming the path.
absl::Status SyncFolder(const std::string& path);

/// What errno says, as "`what` `path`: ...".
absl::Status DiskError(absl::string_view what, absl::string_view path);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_BACKUP_DURABLE_FILE_H_
