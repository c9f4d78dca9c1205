#ifndef RIDGELINE_CORE_LAB_TEXT_OUTPUT_H_
#define RIDGELINE_CORE_LAB_TEXT_OUTPUT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// A text file written in pieces, compressed with zstd when its name ends in .zst. It takes its place when it
/// is complete; until then, and when anything fails, what was there stays. Thread-compatible.
class TextOutput {
 public:
  /// The errors of FileReplacement::Create.
  static absl::StatusOr<std::unique_ptr<TextOutput>> Create(const std::string& path);

  virtual ~TextOutput() = default;

  /// The disk's error when it refuses.
  virtual absl::Status Append(absl::string_view text) = 0;

  /// Completes the file and puts it in its place. To be called once, after which nothing is appended. The
  /// disk's error when it refuses.
  virtual absl::Status Finish() = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_TEXT_OUTPUT_H_
