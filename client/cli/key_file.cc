#include "client/cli/key_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"

namespace ridgeline {
namespace {

absl::Status SystemError(int error) {
  return absl::FailedPreconditionError(std::strerror(error));
}

// A file that nobody else who asks for a lock writes to; closed, and so unlocked, at the end.
class LockedFile {
 public:
  explicit LockedFile(const std::string& path)
      : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (fd_ < 0 || flock(fd_, LOCK_EX) != 0) error_ = errno;
  }
  ~LockedFile() {
    if (fd_ >= 0) close(fd_);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  // 0, or why it could not be opened.
  int error() const { return error_; }

  absl::StatusOr<std::string> Read() const {
    std::string text;
    std::array<char, 4096> piece = {};
    while (true) {
      const ssize_t count = pread(fd_, piece.data(), piece.size(), static_cast<off_t>(text.size()));
      if (count < 0) return SystemError(errno);
      if (count == 0) return text;
      text.append(piece.data(), static_cast<size_t>(count));
    }
  }

  // All of `bytes` behind the `size` bytes that are there, or nothing, as on a full disk.
  absl::Status Append(absl::string_view bytes, size_t size) const {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written == static_cast<ssize_t>(bytes.size())) return absl::OkStatus();
    absl::Status status = SystemError(written < 0 ? errno : ENOSPC);
    if (written > 0 && ftruncate(fd_, static_cast<off_t>(size)) != 0) return SystemError(errno);
    return status;
  }

 private:
  const int fd_;
  int error_ = 0;
};

// The name of the client whose key a line is.
absl::StatusOr<std::string> NameOf(absl::string_view line) {
  google::protobuf::Struct key;
  const auto parsed = google::protobuf::util::JsonStringToMessage(std::string(line), &key);
  const auto name = key.fields().find("name");
  if (!parsed.ok() || name == key.fields().end() || name->second.string_value().empty()) {
    return absl::FailedPreconditionError("is not that of a key; the server would refuse the file");
  }
  return name->second.string_value();
}

// As the server reads it: blank lines and comments mean nothing.
absl::Status CheckNameIsNew(absl::string_view text, absl::string_view name) {
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const absl::StatusOr<std::string> other = NameOf(line);
    if (!other.ok()) {
      return absl::Status(other.status().code(),
                          absl::StrCat("line ", number, " ", other.status().message()));
    }
    if (*other == name) {
      return absl::AlreadyExistsError(absl::StrCat("line ", number, " is the key of ", name, " already"));
    }
  }
  return absl::OkStatus();
}

absl::Status Append(const LockedFile& file, absl::string_view name, absl::string_view line) {
  if (file.error() != 0) return SystemError(file.error());
  const absl::StatusOr<std::string> text = file.Read();
  if (!text.ok()) return text.status();
  absl::Status is_new = CheckNameIsNew(*text, name);
  if (!is_new.ok()) return is_new;
  // An editor may have left the last line without an end.
  const char* const end_of_last = text->empty() || text->back() == '\n' ? "" : "\n";
  return file.Append(absl::StrCat(end_of_last, line, "\n"), text->size());
}

}  // namespace

absl::Status AppendKey(const std::string& path, absl::string_view name, absl::string_view line) {
  absl::Status status = Append(LockedFile(path), name, line);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
}

}  // namespace ridgeline
