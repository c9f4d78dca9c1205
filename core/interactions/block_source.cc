#include "core/interactions/block_source.h"

#include <algorithm>
#include <utility>

#include "absl/types/span.h"
#include "core/base/status_macros.h"

namespace ridgeline {

absl::StatusOr<BlockSource> BlockSource::Open(const std::string& path, size_t block_bytes,
                                              size_t max_line_bytes) {
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenByteSource(path));
  return BlockSource(std::move(source), block_bytes, max_line_bytes);
}

BlockSource::BlockSource(std::unique_ptr<ByteSource> source, size_t block_bytes, size_t max_line_bytes)
    : source_(std::move(source)), block_bytes_(block_bytes), max_line_bytes_(max_line_bytes) {}

absl::StatusOr<absl::string_view> BlockSource::Next(std::vector<char>* buffer) {
  buffer->resize(std::max({buffer->size(), block_bytes_, rest_.size() + 1}));
  std::copy(rest_.begin(), rest_.end(), buffer->begin());
  size_t size = rest_.size();
  rest_.clear();
  while (true) {
    size = Fill(size, buffer);
    const absl::string_view text(buffer->data(), size);
    const size_t newline = text.rfind('\n');
    if (newline != absl::string_view::npos && !(at_end_ && end_.ok())) {
      rest_ = std::string(text.substr(newline + 1));
      return text.substr(0, newline + 1);
    }
    if (at_end_ && !end_.ok()) return end_;
    if (at_end_) return text;
    if (size > max_line_bytes_) {
      at_end_ = true;
      return text.substr(0, max_line_bytes_ + 1);
    }
    buffer->resize(buffer->size() * 2);
  }
}

size_t BlockSource::Fill(size_t size, std::vector<char>* buffer) {
  while (!at_end_ && size < buffer->size()) {
    const absl::StatusOr<size_t> read = source_->Read(absl::MakeSpan(*buffer).subspan(size));
    if (!read.ok()) end_ = read.status();
    at_end_ = !read.ok() || *read == 0;
    if (read.ok()) size += *read;
  }
  return size;
}

}  // namespace ridgeline
