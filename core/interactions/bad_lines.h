#ifndef RIDGELINE_CORE_INTERACTIONS_BAD_LINES_H_
#define RIDGELINE_CORE_INTERACTIONS_BAD_LINES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace ridgeline {

/// Counts the unreadable lines of one file and decides when there are too many. Thread-compatible.
class BadLines {
 public:
  /// At most `tolerated` lines of `path` may be bad.
  BadLines(std::string path, int64_t tolerated);

  /// Notes that line `line` (from 1) is bad because of `why`. OK while no more than the tolerated number are,
  /// then kInvalidArgument "FILE:LINE: why".
  absl::Status Add(int64_t line, const absl::Status& why);

  int64_t count() const { return count_; }

  /// "FILE:LINE: why" of the first 10.
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  const std::string path_;
  const int64_t tolerated_;
  int64_t count_ = 0;
  std::vector<std::string> messages_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_BAD_LINES_H_
