#include "server/access/file_watch.h"

#include <sys/stat.h>

#include <utility>

#include "core/base/status_macros.h"

namespace ridgeline {

FileWatch::FileWatch(std::vector<std::string> paths)
    : paths_(std::move(paths)), taken_up_(Look()), seen_(taken_up_) {}

absl::StatusOr<bool> FileWatch::TakeUp(absl::FunctionRef<absl::Status()> read) {
  std::vector<Stamp> now = Look();
  const bool settled = now == seen_;
  seen_ = std::move(now);
  if (!settled || (seen_ == taken_up_ && !failed_)) return false;
  failed_ = true;
  RIDGELINE_RETURN_IF_ERROR(read());
  failed_ = false;
  taken_up_ = seen_;
  return true;
}

FileWatch::Stamp FileWatch::StampOf(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

std::vector<FileWatch::Stamp> FileWatch::Look() const {
  std::vector<Stamp> stamps;
  stamps.reserve(paths_.size());
  for (const std::string& path : paths_) stamps.push_back(StampOf(path));
  return stamps;
}

}  // namespace ridgeline
