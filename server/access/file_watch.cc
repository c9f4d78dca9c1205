#include "server/access/file_watch.h"

#include <sys/stat.h>

#include <utility>

namespace ridgeline {

FileWatch::FileWatch(std::vector<std::string> paths)
    : paths_(std::move(paths)), reported_(Look()), seen_(reported_) {}

bool FileWatch::Changed() {
  std::vector<Stamp> now = Look();
  const bool settled = now == seen_;
  seen_ = std::move(now);
  if (!settled || seen_ == reported_) return false;
  reported_ = seen_;
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
