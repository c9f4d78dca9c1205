#ifndef RIDGELINE_SERVER_ACCESS_FILE_WATCH_H_
#define RIDGELINE_SERVER_ACCESS_FILE_WATCH_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ridgeline {

/// Tells when files were changed or replaced, by looking at them from time to time. A file that is being
/// written changes from look to look: only one that two looks found alike counts. Not thread-safe.
class FileWatch {
 public:
  /// Takes the files as they are now for known; to be made before they are first read.
  explicit FileWatch(std::vector<std::string> paths);

  /// Looks, and calls `read` when a file is not as last taken up, and as it was at the last look. True when
  /// it was taken up, false when there was nothing to do; with an error of `read` it is for the next look
  /// again. Files that are back as they were before the error are read again too: true says that it is over.
  absl::StatusOr<bool> TakeUp(absl::FunctionRef<absl::Status()> read);

 private:
  // Inode, bytes, seconds and nanoseconds of the last change; zeros when there is no such file.
  using Stamp = std::tuple<ino_t, int64_t, int64_t, int64_t>;

  static Stamp StampOf(const std::string& path);
  std::vector<Stamp> Look() const;

  const std::vector<std::string> paths_;
  std::vector<Stamp> taken_up_;  // [paths]
  std::vector<Stamp> seen_;      // [paths]
  bool failed_ = false;          // the last `read` did
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_FILE_WATCH_H_
