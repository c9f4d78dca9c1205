#include "core/base/descriptor.h"

#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace ridgeline {

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

absl::Status ErrnoStatus(absl::string_view what, absl::string_view path) {
  const int error = errno;
  return absl::ErrnoToStatus(error, absl::StrCat(what, " ", path));
}

absl::Status ErrorCodeStatus(const std::error_code& error, absl::string_view what, absl::string_view path) {
  if (!error) return absl::OkStatus();
  return absl::ErrnoToStatus(error.value(), absl::StrCat(what, " ", path));
}

absl::Status WriteAll(const Descriptor& file, absl::string_view bytes, absl::string_view path) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoStatus("cannot write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
