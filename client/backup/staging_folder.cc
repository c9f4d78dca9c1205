#include "client/backup/staging_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/backup/durable_file.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

std::string ParentOf(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// A folder that a mount covers cannot be renamed onto: better to say so before all is copied.
absl::Status CheckNotMounted(const std::string& target, const struct stat& info) {
  struct stat parent {};
  if (stat(ParentOf(target).c_str(), &parent) != 0) return DiskError("cannot stat", ParentOf(target));
  if (parent.st_dev == info.st_dev) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(target, " is a mount point: name a folder inside it"));
}

absl::Status CheckTarget(const std::string& target, StagingFolder::Target allowed) {
  struct stat info {};
  if (lstat(target.c_str(), &info) != 0) {
    return errno == ENOENT ? absl::OkStatus() : DiskError("cannot stat", target);
  }
  if (allowed == StagingFolder::Target::kAbsent) {
    return absl::AlreadyExistsError(absl::StrCat(target, " exists"));
  }
  std::error_code error;
  if (!S_ISDIR(info.st_mode) || !fs::is_empty(target, error) || error) {
    return absl::AlreadyExistsError(absl::StrCat(target, " exists and is not an empty folder"));
  }
  return CheckNotMounted(target, info);
}

// Whether `fd` still is what has the name `path`.
bool IsAt(int fd, const std::string& path) {
  struct stat of_fd {};
  struct stat of_path {};
  return fstat(fd, &of_fd) == 0 && lstat(path.c_str(), &of_path) == 0 && of_fd.st_dev == of_path.st_dev &&
         of_fd.st_ino == of_path.st_ino;
}

absl::Status Empty(const std::string& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    fs::remove_all(it->path(), error);
    if (error) break;
  }
  if (!error) return absl::OkStatus();
  errno = error.value();
  return DiskError("cannot empty", folder);
}

absl::Status SyncFolders(const std::string& top) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(top, error), end; !error && it != end; it.increment(error)) {
    const bool is_folder = fs::is_directory(it->symlink_status(error));
    if (error) break;
    if (!is_folder) continue;
    absl::Status synced = SyncFolder(it->path().string());
    if (!synced.ok()) return synced;
  }
  errno = error.value();
  return error ? DiskError("cannot list", top) : SyncFolder(top);
}

}  // namespace

absl::StatusOr<std::unique_ptr<StagingFolder>> StagingFolder::Create(std::string target, Target allowed) {
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  absl::Status status = CheckTarget(target, allowed);
  if (!status.ok()) return status;
  const std::string path = target + ".partial";
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return DiskError("cannot make", path);
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return DiskError("cannot open folder", path);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0 || !IsAt(fd, path)) {
    close(fd);
    return absl::FailedPreconditionError(absl::StrCat("another process fills ", path));
  }
  std::unique_ptr<StagingFolder> folder(new StagingFolder(std::move(target), path, fd));
  status = Empty(path);
  if (!status.ok()) return status;
  return folder;
}

StagingFolder::StagingFolder(std::string target, std::string path, int fd)
    : target_(std::move(target)), path_(std::move(path)), fd_(fd) {}

StagingFolder::~StagingFolder() {
  std::error_code ignored;
  if (!published_) fs::remove_all(path_, ignored);
  close(fd_);
}

absl::Status StagingFolder::Publish() {
  absl::Status synced = SyncFolders(path_);
  if (!synced.ok()) return synced;
  // Onto an empty folder at most: anything else refuses.
  if (rename(path_.c_str(), target_.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == ENOTDIR) errno = EEXIST;
    return DiskError("cannot rename to", target_);
  }
  published_ = true;
  return SyncFolder(ParentOf(target_));
}

}  // namespace ridgeline
