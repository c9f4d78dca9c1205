#include "core/interactions/gzip_source.h"

#include <zlib.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

constexpr size_t kInputBytes = size_t{128} << 10;
constexpr int kGzipWindow = 15 + 16;  // the largest window, and the gzip header instead of zlib's

class GzipSource final : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> source, std::string path)
      : source_(std::move(source)), path_(std::move(path)), input_(kInputBytes) {}
  ~GzipSource() override { inflateEnd(&stream_); }

  bool Initialize() { return inflateInit2(&stream_, kGzipWindow) == Z_OK; }

  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(std::min<size_t>(buffer.size(), kInputBytes));
    const uInt wanted = stream_.avail_out;
    while (stream_.avail_out == wanted) {
      if (stream_.avail_in == 0 && !holds_output_) RIDGELINE_RETURN_IF_ERROR(Refill());
      if (stream_.avail_in == 0 && !holds_output_) break;
      RIDGELINE_RETURN_IF_ERROR(Inflate());
    }
    if (stream_.avail_out == wanted && inside_member_) return Damaged("it is cut off");
    return wanted - stream_.avail_out;
  }

  int64_t stored_bytes() const override { return source_->stored_bytes(); }

 private:
  absl::Status Refill() {
    RIDGELINE_ASSIGN_OR_RETURN(const size_t size, source_->Read(absl::MakeSpan(input_)));
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(size);
    return absl::OkStatus();
  }

  absl::Status Inflate() {
    inside_member_ = true;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    holds_output_ = result != Z_STREAM_END && stream_.avail_out == 0;
    if (result == Z_STREAM_END) {
      inside_member_ = false;
      return inflateReset(&stream_) == Z_OK ? absl::OkStatus() : Damaged("it cannot be reset");
    }
    if (result == Z_OK || result == Z_BUF_ERROR) return absl::OkStatus();
    return Damaged(stream_.msg == nullptr ? "it is not gzip" : stream_.msg);
  }

  absl::Status Damaged(absl::string_view why) const {
    return absl::DataLossError(absl::StrCat(path_, ": the gzip file is damaged: ", why));
  }

  const std::unique_ptr<ByteSource> source_;
  const std::string path_;
  std::vector<char> input_;
  z_stream stream_{};
  bool inside_member_ = true;  // a member has begun and not ended
  bool holds_output_ = false;  // the last buffer was filled, so there may be more without more input
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> MakeGzipSource(std::unique_ptr<ByteSource> source,
                                                           std::string path) {
  auto gzip = std::make_unique<GzipSource>(std::move(source), std::move(path));
  if (!gzip->Initialize()) return absl::ResourceExhaustedError("no memory to read a gzip file");
  return gzip;
}

}  // namespace ridgeline
