#ifndef RIDGELINE_CORE_INTERACTIONS_LINE_SOURCE_H_
#define RIDGELINE_CORE_INTERACTIONS_LINE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/interactions/byte_source.h"

namespace ridgeline {

/// The longest line that is read, in bytes: a limit on memory, far above any real adjacency list.
inline constexpr size_t kMaxLineBytes = size_t{64} << 20;

/// UTF-8's mark, which may begin a file and belongs to no line.
inline constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

/// The lines of a file, one after another, in memory of a few times the longest line. Thread-compatible.
class LineSource {
 public:
  /// Opens `path`, compressed or not. Errors as OpenByteSource.
  static absl::StatusOr<LineSource> Open(const std::string& path, size_t max_line_bytes = kMaxLineBytes);

  /// The next line without its end (LF or CR LF; the last line may lack it) and without a byte order mark
  /// before the first; nullopt after the last. The view lives until the next call. kInvalidArgument with
  /// "FILE:LINE: why" when a line is longer than the limit, otherwise errors as ByteSource::Read.
  absl::StatusOr<absl::optional<absl::string_view>> Next();

  /// The number of the line that Next returned last, from 1; 0 before the first.
  int64_t line_number() const { return line_number_; }

  /// Bytes of the file, as stored, read so far.
  int64_t stored_bytes() const { return source_->stored_bytes(); }

 private:
  LineSource(std::unique_ptr<ByteSource> source, std::string path, size_t max_line_bytes);

  // Reads more behind the unread bytes, which it moves to the front of the buffer.
  absl::Status Refill();

  // Consumes `length` unread bytes and the line end behind them.
  absl::string_view Take(size_t length);

  std::unique_ptr<ByteSource> source_;
  std::string path_;
  size_t max_line_bytes_;
  std::vector<char> buffer_;  // unread bytes stand in [begin_, end_)
  size_t begin_ = 0;
  size_t end_ = 0;
  bool at_end_ = false;  // of the source
  int64_t line_number_ = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_LINE_SOURCE_H_
