#ifndef RIDGELINE_TESTS_RELIABILITY_DURABLE_TREE_H_
#define RIDGELINE_TESTS_RELIABILITY_DURABLE_TREE_H_

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/descriptor.h"

namespace ridgeline {

/// What a power cut leaves of names that were made, changed or removed in a folder since its last sync: POSIX
/// promises none of them, and a file system may have written any.
enum class UnsyncedNames {
  kLost,              ///< as they were
  kKept,              ///< as they are, though no file has more bytes than were synced
  kKeptInSubfolders,  ///< as they are in the folders of the tree's folders, as they were in those
};

/// What of a folder is on the disk for good. As strict as POSIX allows: of a file those bytes that a sync of
/// it followed, of a folder those names that a sync of that folder followed. A new file's own sync does not
/// keep its name, though ext4 would. What a failed sync was to write is lost, also when a later one succeeds,
/// since Linux takes the pages for written; names wait for the next sync, since a journal that cannot be
/// written stops the file system. Bytes mapped into memory are not seen. Thread-compatible.
class DurableTree {
 public:
  /// All that is in `folder` is on the disk.
  explicit DurableTree(const std::string& folder) : root_(Find(folder)) { SyncAll(*root_); }

  /// The file open as `fd` has bytes [from, to) that no sync followed.
  void Wrote(int fd, off_t from, off_t to) {
    Ranges& unsynced = Find(fd).unsynced;
    if (!unsynced.empty() && unsynced.back().second == from) {
      unsynced.back().second = to;
    } else {
      unsynced.emplace_back(from, to);
    }
  }

  /// The file was cut to `size` bytes, or grew to as many.
  void Resized(int fd, off_t size) {
    Node& file = Find(fd);
    const auto synced = static_cast<off_t>(file.bytes.size());
    if (size < synced) file.unsynced.emplace_back(size, synced);
  }

  void Synced(int fd) { Sync(Find(fd)); }
  void SyncFailed(int fd) { Find(fd).unsynced.clear(); }

  /// Writes what a power cut now would leave to the folder `target`, which is made.
  void Copy(UnsyncedNames names, const std::string& target) { CopyFolder(*root_, names, 0, target); }

 private:
  using FileId = std::pair<dev_t, ino_t>;
  using Ranges = std::vector<std::pair<off_t, off_t>>;
  struct Node;
  using Names = std::map<std::string, std::shared_ptr<Node>>;

  // A file or folder, whatever its names. It is held open, so that its number is given to no other.
  struct Node {
    Node(int fd, const struct stat& info) : file(fd), is_folder(S_ISDIR(info.st_mode)) {
      if (!is_folder) unsynced.emplace_back(0, info.st_size);
    }
    std::string path() const { return "/proc/self/fd/" + std::to_string(file.get()); }

    const Descriptor file;
    const bool is_folder;
    Names names;        // a folder's, on the disk
    std::string bytes;  // a file's, on the disk: zeros follow them up to its size
    off_t size = 0;
    Ranges unsynced;  // of a file: those that were written since the last sync, failed or not
  };

  static struct stat InfoOf(const std::string& path) {
    struct stat info {};
    if (stat(path.c_str(), &info) != 0) std::abort();  // the disk stands still while this looks at it
    return info;
  }

  std::shared_ptr<Node> Find(const std::string& path) {
    const struct stat info = InfoOf(path);
    std::shared_ptr<Node>& node = nodes_[{info.st_dev, info.st_ino}];
    if (node == nullptr) node = std::make_shared<Node>(open(path.c_str(), O_RDONLY | O_CLOEXEC), info);
    if (!node->file.ok()) std::abort();
    return node;
  }
  Node& Find(int fd) { return *Find("/proc/self/fd/" + std::to_string(fd)); }

  // The folder's names as they are now, of files and folders alone.
  Names NamesIn(const Node& folder) {
    Names names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      if (entry.is_symlink() || (!entry.is_regular_file() && !entry.is_directory())) continue;
      names[entry.path().filename().string()] = Find(entry.path().string());
    }
    return names;
  }

  void Sync(Node& node) {
    if (node.is_folder) {
      node.names = NamesIn(node);
      ForgetRemoved();
      return;
    }
    node.size = InfoOf(node.path()).st_size;
    for (const auto& [from, to] : std::exchange(node.unsynced, {}))
      SyncRange(node, from, std::min(to, node.size));
    node.bytes.resize(std::min(node.bytes.size(), static_cast<size_t>(node.size)));
  }

  static void SyncRange(Node& node, off_t from, off_t to) {
    if (from >= to) return;
    const auto begin = static_cast<size_t>(from);
    const auto end = static_cast<size_t>(to);
    if (node.bytes.size() < end) node.bytes.resize(end);
    const ssize_t read = pread(node.file.get(), node.bytes.data() + begin, end - begin, from);
    if (read != static_cast<ssize_t>(end - begin)) std::abort();
  }

  void SyncAll(Node& node) {
    Sync(node);
    for (const auto& [name, child] : node.names) SyncAll(*child);
  }

  // Gives up the files that have no name, neither now nor on the disk.
  void ForgetRemoved() {
    for (auto it = nodes_.begin(); it != nodes_.end();) {
      struct stat info {};
      const bool named =
          it->second.use_count() > 1 || fstat(it->second->file.get(), &info) != 0 || info.st_nlink > 0;
      it = named ? std::next(it) : nodes_.erase(it);
    }
  }

  void CopyFolder(const Node& folder, UnsyncedNames unsynced, int depth, const std::string& target) {
    std::filesystem::create_directories(target);
    const bool now =
        unsynced == UnsyncedNames::kKept || (unsynced == UnsyncedNames::kKeptInSubfolders && depth > 1);
    for (const auto& [name, node] : now ? NamesIn(folder) : folder.names) {
      const std::string copy = target + "/" + name;
      if (node->is_folder) {
        CopyFolder(*node, unsynced, depth + 1, copy);
      } else {
        CopyFile(*node, now ? std::min(node->size, InfoOf(node->path()).st_size) : node->size, copy);
      }
    }
  }

  static void CopyFile(const Node& file, off_t size, const std::string& target) {
    std::ofstream copy(target, std::ios::binary);
    copy.write(file.bytes.data(), std::min(size, static_cast<off_t>(file.bytes.size())));
    copy.close();
    if (!copy) std::abort();
    std::filesystem::resize_file(target, static_cast<uintmax_t>(size));
  }

  std::map<FileId, std::shared_ptr<Node>> nodes_;
  const std::shared_ptr<Node> root_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_RELIABILITY_DURABLE_TREE_H_
