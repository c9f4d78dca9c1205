#ifndef RIDGELINE_CORE_BACKUP_BACKUP_READER_H_
#define RIDGELINE_CORE_BACKUP_BACKUP_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/backup/backup_source.h"
#include "core/base/checksum.h"
#include "core/base/descriptor.h"

namespace ridgeline {

/// The most bytes of a file that one piece has.
inline constexpr size_t kBackupChunkBytes = size_t{256} << 10;

/// The next thing that a reader of a backup is told.
struct BackupPiece {
  /// For each file kFile, its bytes in any number of kChunk, kFileEnd; once after all files, kEnd.
  enum class Kind { kFile, kChunk, kFileEnd, kEnd };

  Kind kind = Kind::kEnd;
  BackupFile file = {};   ///< kFile: which one
  std::string chunk;      ///< kChunk: 1 to kBackupChunkBytes bytes
  uint64_t checksum = 0;  ///< kFileEnd: Checksum64 of all its bytes
};

/// Reads the files of a view from the first to the last. Thread-compatible.
class BackupReader {
 public:
  /// `view` must outlive the reader.
  explicit BackupReader(const BackupView* view) : view_(view) {}

  /// The next piece. The disk's error, kDataLoss when a file is shorter or longer than the view says; nothing
  /// more is to be read then, nor after kEnd.
  absl::StatusOr<BackupPiece> Next();

 private:
  absl::StatusOr<BackupPiece> OpenFile();
  absl::StatusOr<BackupPiece> ReadChunk();
  BackupPiece CloseFile();

  const BackupFile& file() const { return view_->files()[index_]; }
  std::string Path() const { return view_->directory() + "/" + file().path; }

  const BackupView* const view_;
  size_t index_ = 0;                  // of the file that is read or is the next
  std::unique_ptr<Descriptor> open_;  // null between files
  int64_t left_ = 0;                  // bytes of the open file
  RunningChecksum checksum_;          // of the open file
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BACKUP_BACKUP_READER_H_
