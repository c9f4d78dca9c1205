#ifndef RIDGELINE_CORE_BASE_FILE_REPLACEMENT_H_
#define RIDGELINE_CORE_BASE_FILE_REPLACEMENT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/descriptor.h"

namespace ridgeline {

/// A file written in pieces under a temporary name beside its own, which it takes when it is complete: what
/// was there stays until then, and for good when anything fails. Thread-compatible.
class FileReplacement {
 public:
  /// Begins the file that will be `path`. kInvalidArgument when something else than a regular file is there;
  /// the disk's error, naming the file, when it refuses.
  static absl::StatusOr<std::unique_ptr<FileReplacement>> Create(const std::string& path);

  /// Removes the temporary file, if it did not become the real one.
  ~FileReplacement();
  FileReplacement(const FileReplacement&) = delete;
  FileReplacement& operator=(const FileReplacement&) = delete;

  /// The disk's error when it refuses, kUnavailable or kResourceExhausted when it is full.
  absl::Status Append(absl::string_view bytes);

  /// Syncs what was appended to the disk and renames it onto its place. To be called once, after which
  /// nothing is appended. The disk's error when it refuses.
  absl::Status Finish();

 private:
  FileReplacement(std::string path, std::string temporary, int fd);

  const std::string path_;
  const std::string temporary_;
  const Descriptor file_;
  bool finished_ = false;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_FILE_REPLACEMENT_H_
