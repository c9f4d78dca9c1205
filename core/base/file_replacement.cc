#include "core/base/file_replacement.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"

namespace ridgeline {

absl::StatusOr<std::unique_ptr<FileReplacement>> FileReplacement::Create(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is not a regular file"));
  }
  std::string temporary = absl::StrCat(path, ".tmp");
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return ErrnoStatus("cannot create", temporary);
  return std::unique_ptr<FileReplacement>(new FileReplacement(path, std::move(temporary), fd));
}

FileReplacement::FileReplacement(std::string path, std::string temporary, int fd)
    : path_(std::move(path)), temporary_(std::move(temporary)), file_(fd) {}

FileReplacement::~FileReplacement() {
  if (!finished_) unlink(temporary_.c_str());
}

absl::Status FileReplacement::Append(absl::string_view bytes) {
  return WriteAll(file_, bytes, temporary_);
}

absl::Status FileReplacement::Finish() {
  if (fsync(file_.get()) != 0) return ErrnoStatus("cannot sync", temporary_);
  RIDGELINE_RETURN_IF_ERROR(RenameDurably(temporary_, path_));
  finished_ = true;
  return absl::OkStatus();
}

}  // namespace ridgeline
