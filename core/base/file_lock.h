#ifndef RIDGELINE_CORE_BASE_FILE_LOCK_H_
#define RIDGELINE_CORE_BASE_FILE_LOCK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace ridgeline {

/// Keeps other processes, and other holders in this one, out of what a file stands for, as long as it lives;
/// the kernel lets go when the process dies. The file stays. Immutable, thus thread-safe.
class FileLock {
 public:
  /// Takes the lock of the file at `path`, made when absent. kFailedPrecondition when somebody holds it, else
  /// the disk's error.
  static absl::StatusOr<std::unique_ptr<FileLock>> Acquire(const std::string& path);

  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  const int descriptor_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_FILE_LOCK_H_
