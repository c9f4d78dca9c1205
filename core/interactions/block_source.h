#ifndef RIDGELINE_CORE_INTERACTIONS_BLOCK_SOURCE_H_
#define RIDGELINE_CORE_INTERACTIONS_BLOCK_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/interactions/byte_source.h"
#include "core/interactions/line_source.h"

namespace ridgeline {

/// The text of a file, cut at line ends into blocks that can be parsed apart from each other.
/// Thread-compatible.
class BlockSource {
 public:
  /// Opens `path`, compressed or not. Errors as OpenByteSource.
  static absl::StatusOr<BlockSource> Open(const std::string& path, size_t block_bytes,
                                          size_t max_line_bytes = kMaxLineBytes);

  /// The next whole lines, about the block's size of them and at least one; empty after the last. The view
  /// points into `buffer`, whose memory is used again. A line longer than the limit, of which memory holds no
  /// more, comes cut behind the limit and is the last. Errors as ByteSource::Read, after the whole lines
  /// before them.
  absl::StatusOr<absl::string_view> Next(std::vector<char>* buffer);

  /// Bytes of the file, as stored, read so far.
  int64_t stored_bytes() const { return source_->stored_bytes(); }

 private:
  BlockSource(std::unique_ptr<ByteSource> source, size_t block_bytes, size_t max_line_bytes);

  // Reads behind the first `size` bytes of `buffer` until it is full or nothing comes; returns the new size.
  size_t Fill(size_t size, std::vector<char>* buffer);

  std::unique_ptr<ByteSource> source_;
  size_t block_bytes_;
  size_t max_line_bytes_;
  std::string rest_;  // read already: the beginning of the next block's first line
  bool at_end_ = false;
  absl::Status end_;  // why it ended
};

/// Takes the first line off the front of `text`, with its end if it has one. The line comes without LF.
inline absl::string_view TakeLine(absl::string_view* text) {
  const absl::string_view line = text->substr(0, text->find('\n'));
  text->remove_prefix(line.size() < text->size() ? line.size() + 1 : line.size());
  return line;
}

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_BLOCK_SOURCE_H_
