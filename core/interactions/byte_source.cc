#include "core/interactions/byte_source.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/descriptor.h"
#include "core/base/status_macros.h"
#include "core/interactions/gzip_source.h"
#include "core/interactions/zstd_source.h"

namespace ridgeline {
namespace {

constexpr absl::string_view kGzipMagic("\x1f\x8b", 2);
constexpr absl::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// A file as it is stored. Its first bytes can be looked at before they are read, so that pipes work too.
class FileSource final : public ByteSource {
 public:
  static absl::StatusOr<std::unique_ptr<FileSource>> Open(const std::string& path) {
    std::unique_ptr<FileSource> source(new FileSource(path));
    if (source->file_ == nullptr) return ErrnoStatus("cannot open", path);
    struct stat info {};
    if (fstat(fileno(source->file_.get()), &info) != 0) return ErrnoStatus("cannot stat", path);
    if (S_ISDIR(info.st_mode)) return absl::InvalidArgumentError(absl::StrCat(path, " is a directory"));
    source->prefix_.resize(kZstdMagic.size());
    RIDGELINE_ASSIGN_OR_RETURN(const size_t size, source->ReadFile(absl::MakeSpan(source->prefix_)));
    source->prefix_.resize(size);
    return source;
  }

  absl::string_view prefix() const { return prefix_; }

  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    if (prefix_.empty()) return ReadFile(buffer);
    const size_t size = std::min(buffer.size(), prefix_.size());
    std::memcpy(buffer.data(), prefix_.data(), size);
    prefix_.erase(0, size);
    return size;
  }

  int64_t stored_bytes() const override { return stored_bytes_; }

 private:
  explicit FileSource(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "rbe")) {}

  absl::StatusOr<size_t> ReadFile(absl::Span<char> buffer) {
    const size_t size = std::fread(buffer.data(), 1, buffer.size(), file_.get());
    if (size < buffer.size() && std::ferror(file_.get()) != 0) return ErrnoStatus("cannot read", path_);
    stored_bytes_ += static_cast<int64_t>(size);
    return size;
  }

  const std::string path_;
  const std::unique_ptr<std::FILE, FileCloser> file_;
  std::string prefix_;
  int64_t stored_bytes_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& path) {
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<FileSource> file, FileSource::Open(path));
  if (absl::StartsWith(file->prefix(), kGzipMagic)) return MakeGzipSource(std::move(file), path);
  if (absl::StartsWith(file->prefix(), kZstdMagic)) return MakeZstdSource(std::move(file), path);
  return file;
}

}  // namespace ridgeline
