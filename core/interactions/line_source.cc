#include "core/interactions/line_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

constexpr size_t kSmallestBuffer = size_t{256} << 10;

}  // namespace

absl::StatusOr<LineSource> LineSource::Open(const std::string& path, size_t max_line_bytes) {
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source, OpenByteSource(path));
  return LineSource(std::move(source), path, max_line_bytes);
}

LineSource::LineSource(std::unique_ptr<ByteSource> source, std::string path, size_t max_line_bytes)
    : source_(std::move(source)),
      path_(std::move(path)),
      max_line_bytes_(max_line_bytes),
      buffer_(kSmallestBuffer) {}

absl::StatusOr<absl::optional<absl::string_view>> LineSource::Next() {
  size_t searched = 0;
  while (true) {
    const char* unread = buffer_.data() + begin_;
    const size_t size = end_ - begin_;
    const void* newline = std::memchr(unread + searched, '\n', size - searched);
    const size_t length =
        newline == nullptr ? size : static_cast<size_t>(static_cast<const char*>(newline) - unread);
    if (length > max_line_bytes_) {
      return absl::InvalidArgumentError(absl::StrCat(
          path_, ":", line_number_ + 1, ": the line is longer than ", max_line_bytes_, " bytes"));
    }
    if (newline != nullptr || (at_end_ && size > 0)) return Take(length);
    if (at_end_) return absl::optional<absl::string_view>();
    searched = size;
    RIDGELINE_RETURN_IF_ERROR(Refill());
  }
}

absl::Status LineSource::Refill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ > buffer_.size() / 2) buffer_.resize(buffer_.size() * 2);
  RIDGELINE_ASSIGN_OR_RETURN(const size_t size, source_->Read(absl::MakeSpan(buffer_).subspan(end_)));
  end_ += size;
  at_end_ = size == 0;
  return absl::OkStatus();
}

absl::string_view LineSource::Take(size_t length) {
  absl::string_view line(buffer_.data() + begin_, length);
  begin_ = std::min(begin_ + length + 1, end_);
  ++line_number_;
  if (line_number_ == 1 && absl::StartsWith(line, kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  if (absl::EndsWith(line, "\r")) line.remove_suffix(1);
  return line;
}

}  // namespace ridgeline
