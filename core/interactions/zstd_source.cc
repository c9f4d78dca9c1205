#include "core/interactions/zstd_source.h"

#include <zstd.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

struct StreamDeleter {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

using Stream = std::unique_ptr<ZSTD_DStream, StreamDeleter>;

class ZstdSource final : public ByteSource {
 public:
  ZstdSource(std::unique_ptr<ByteSource> source, std::string path, Stream stream)
      : source_(std::move(source)),
        path_(std::move(path)),
        stream_(std::move(stream)),
        input_bytes_(ZSTD_DStreamInSize()) {}

  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
    while (output.pos == 0) {
      if (input_.pos == input_.size && !holds_output_) RIDGELINE_RETURN_IF_ERROR(Refill());
      if (input_.pos == input_.size && !holds_output_) break;
      const size_t wanted = ZSTD_decompressStream(stream_.get(), &output, &input_);
      if (ZSTD_isError(wanted) != 0) return Damaged(ZSTD_getErrorName(wanted));
      inside_frame_ = wanted != 0;
      holds_output_ = inside_frame_ && output.pos == output.size;
    }
    if (output.pos == 0 && inside_frame_) return Damaged("it is cut off");
    return output.pos;
  }

  int64_t stored_bytes() const override { return source_->stored_bytes(); }

 private:
  absl::Status Refill() {
    RIDGELINE_ASSIGN_OR_RETURN(const size_t size, source_->Read(absl::MakeSpan(input_bytes_)));
    input_ = ZSTD_inBuffer{input_bytes_.data(), size, 0};
    return absl::OkStatus();
  }

  absl::Status Damaged(absl::string_view why) const {
    return absl::DataLossError(absl::StrCat(path_, ": the zstd file is damaged: ", why));
  }

  const std::unique_ptr<ByteSource> source_;
  const std::string path_;
  const Stream stream_;
  std::vector<char> input_bytes_;
  ZSTD_inBuffer input_{nullptr, 0, 0};
  bool inside_frame_ = true;   // a frame has begun and not ended
  bool holds_output_ = false;  // the last buffer was filled, so there may be more without more input
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> MakeZstdSource(std::unique_ptr<ByteSource> source,
                                                           std::string path) {
  Stream stream(ZSTD_createDStream());
  if (stream == nullptr) return absl::ResourceExhaustedError("no memory to read a zstd file");
  return std::make_unique<ZstdSource>(std::move(source), std::move(path), std::move(stream));
}

}  // namespace ridgeline
