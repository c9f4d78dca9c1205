#include "core/lab/text_output.h"

#include <zstd.h>

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/file_replacement.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

class PlainOutput final : public TextOutput {
 public:
  explicit PlainOutput(std::unique_ptr<FileReplacement> file) : file_(std::move(file)) {}

  absl::Status Append(absl::string_view text) override { return file_->Append(text); }
  absl::Status Finish() override { return file_->Finish(); }

 private:
  const std::unique_ptr<FileReplacement> file_;
};

struct ZstdStreamDeleter {
  void operator()(ZSTD_CCtx* stream) const { ZSTD_freeCCtx(stream); }
};

using ZstdStream = std::unique_ptr<ZSTD_CCtx, ZstdStreamDeleter>;

class ZstdOutput final : public TextOutput {
 public:
  ZstdOutput(std::unique_ptr<FileReplacement> file, ZstdStream stream)
      : file_(std::move(file)), stream_(std::move(stream)), buffer_(ZSTD_CStreamOutSize()) {}

  absl::Status Append(absl::string_view text) override { return Compress(text, ZSTD_e_continue); }

  absl::Status Finish() override {
    RIDGELINE_RETURN_IF_ERROR(Compress("", ZSTD_e_end));
    return file_->Finish();
  }

 private:
  absl::Status Compress(absl::string_view text, ZSTD_EndDirective directive) {
    ZSTD_inBuffer input{text.data(), text.size(), 0};
    size_t left = 0;
    do {
      ZSTD_outBuffer output{buffer_.data(), buffer_.size(), 0};
      left = ZSTD_compressStream2(stream_.get(), &output, &input, directive);
      if (ZSTD_isError(left) != 0)
        return absl::InternalError(absl::StrCat("zstd: ", ZSTD_getErrorName(left)));
      RIDGELINE_RETURN_IF_ERROR(file_->Append(absl::string_view(buffer_.data(), output.pos)));
    } while (input.pos < input.size || (directive == ZSTD_e_end && left > 0));
    return absl::OkStatus();
  }

  const std::unique_ptr<FileReplacement> file_;
  const ZstdStream stream_;
  std::vector<char> buffer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TextOutput>> TextOutput::Create(const std::string& path) {
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<FileReplacement> file, FileReplacement::Create(path));
  if (!absl::EndsWith(path, ".zst")) return std::make_unique<PlainOutput>(std::move(file));
  ZstdStream stream(ZSTD_createCCtx());
  if (stream == nullptr) return absl::ResourceExhaustedError("no memory to write a zstd file");
  return std::make_unique<ZstdOutput>(std::move(file), std::move(stream));
}

}  // namespace ridgeline
