#include "client/backup/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

constexpr size_t kPieceBytes = size_t{256} << 10;

class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int get() const { return fd_; }

 private:
  const int fd_;
};

}  // namespace

// A disk that has no room, or no life, is not a server that does not answer, which kUnavailable says.
absl::Status DiskError(absl::string_view what, absl::string_view path) {
  const absl::Status status = absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
  return absl::IsUnavailable(status) ? absl::UnknownError(status.message()) : status;
}

absl::StatusOr<std::unique_ptr<DurableFile>> DurableFile::Create(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) return DiskError("cannot create", path);
  return std::unique_ptr<DurableFile>(new DurableFile(fd, path));
}

DurableFile::DurableFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

DurableFile::~DurableFile() {
  close(fd_);
}

absl::Status DurableFile::Append(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return DiskError("cannot write", path_);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

absl::Status DurableFile::Finish() {
  return fsync(fd_) == 0 ? absl::OkStatus() : DiskError("cannot sync", path_);
}

absl::Status ReadInPieces(const std::string& path,
                          absl::FunctionRef<absl::Status(absl::string_view)> on_bytes) {
  // Not blocking: opening a pipe would wait for somebody to write into it.
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0) return DiskError("cannot open", path);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return DiskError("cannot stat", path);
  if (!S_ISREG(info.st_mode)) return absl::InvalidArgumentError(absl::StrCat(path, " is not a regular file"));
  std::vector<char> piece(kPieceBytes);
  while (true) {
    const ssize_t count = read(file.get(), piece.data(), piece.size());
    if (count == 0) return absl::OkStatus();
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return DiskError("cannot read", path);
    absl::Status taken = on_bytes(absl::string_view(piece.data(), static_cast<size_t>(count)));
    if (!taken.ok()) return taken;
  }
}

absl::Status SyncFolder(const std::string& path) {
  const OpenFile folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return DiskError("cannot open folder", path);
  return fsync(folder.get()) == 0 ? absl::OkStatus() : DiskError("cannot sync folder", path);
}

}  // namespace ridgeline
