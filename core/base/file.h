#ifndef RIDGELINE_CORE_BASE_FILE_H_
#define RIDGELINE_CORE_BASE_FILE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// A file mapped read-only into memory. Immutable, thus thread-safe; the bytes live as long as the object.
class MappedFile {
 public:
  /// kNotFound when there is no such file, kInvalidArgument when it is no regular one, kPermissionDenied when
  /// it may not be read, else the code that absl::ErrnoToStatus has for the disk's error: kUnknown for EIO.
  static absl::StatusOr<std::unique_ptr<MappedFile>> Open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  /// Touching bytes that the disk cannot read, or that were cut off since, ends the process with SIGBUS:
  /// Fetch them first, or go ForEachPiece.
  absl::string_view bytes() const { return absl::string_view(data_, size_); }

  /// Reads `part` of bytes() into memory. kDataLoss when that cannot be done. Linux before 5.14 cannot say
  /// so: OK there.
  absl::Status Fetch(absl::string_view part) const;

  /// Gives back the memory of `part` of bytes(), all but its first and last page: until they are read again,
  /// which takes longer than it did, they are not resident.
  void Release(absl::string_view part) const;

  /// Calls `visit` for the pieces of `part` of bytes() in turn, each fetched before and released after, so
  /// that little of the file is resident. The errors of Fetch.
  absl::Status ForEachPiece(absl::string_view part, absl::FunctionRef<void(absl::string_view)> visit) const;

  /// Copies `part` of bytes() to `destination`, piece by piece. The errors of Fetch.
  absl::Status MoveOut(absl::string_view part, void* destination) const;

 private:
  MappedFile(std::string path, const char* data, size_t size)
      : path_(std::move(path)), data_(data), size_(size) {}

  const std::string path_;  // for errors
  const char* const data_;
  const size_t size_;
};

/// The whole of a file. The errors of MappedFile::Open and Fetch.
absl::StatusOr<std::string> ReadFile(const std::string& path);

/// Writes `chunks` one after another to `path` and syncs them to the disk before it returns OK. The file is
/// not replaced atomically: write into a temporary directory, then use RenameDurably.
absl::Status WriteFileDurably(const std::string& path, const std::vector<absl::string_view>& chunks);

/// Renames `from` to `to`, on the same file system, and syncs the directory that holds `to`, so that after a
/// power loss either the old or the new state is found.
absl::Status RenameDurably(const std::string& from, const std::string& to);

/// Writes `bytes` to a temporary name beside `path`, syncs, and renames it onto `path`.
absl::Status ReplaceFileDurably(const std::string& path, absl::string_view bytes);

/// Gives the file at `from` the second name `to`; where the file system cannot do that, or `to` is on another
/// one, `to` becomes a copy. Not synced. The disk's error, as when `to` exists.
absl::Status LinkOrCopyFile(const std::string& from, const std::string& to);

/// Syncs a directory's entries to the disk.
absl::Status SyncDirectory(const std::string& path);

/// Makes the directory `path` and those above it that are absent, one after another, each synced into the one
/// above it before the next. So only the last of those that it finds can lack that sync, where who made it
/// did not live to see to it, and it gets it now. The disk's error when it refuses.
absl::Status MakeDirectoriesDurably(const std::string& path);

/// Removes what is at `path`, with all below it; OK also when nothing is there. Not synced. The disk's error.
absl::Status RemoveAll(const std::string& path);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_FILE_H_
