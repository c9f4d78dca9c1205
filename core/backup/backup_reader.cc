#include "core/backup/backup_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {

absl::StatusOr<BackupPiece> BackupReader::Next() {
  if (open_ != nullptr) return left_ > 0 ? ReadChunk() : CloseFile();
  if (index_ < view_->files().size()) return OpenFile();
  return BackupPiece();
}

absl::StatusOr<BackupPiece> BackupReader::OpenFile() {
  const std::string path = Path();
  auto opened = std::make_unique<Descriptor>(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!opened->ok()) return ErrnoStatus("cannot open", path);
  struct stat info {};
  if (fstat(opened->get(), &info) != 0) return ErrnoStatus("cannot stat", path);
  if (info.st_size != file().bytes) {
    return absl::DataLossError(absl::StrCat(path, " has ", info.st_size, " bytes now, not ", file().bytes));
  }
  open_ = std::move(opened);
  left_ = file().bytes;
  checksum_.Reset();
  BackupPiece piece;
  piece.kind = BackupPiece::Kind::kFile;
  piece.file = file();
  return piece;
}

absl::StatusOr<BackupPiece> BackupReader::ReadChunk() {
  BackupPiece piece;
  piece.kind = BackupPiece::Kind::kChunk;
  piece.chunk.resize(std::min(kBackupChunkBytes, static_cast<size_t>(left_)));
  ssize_t count = 0;
  do {
    count = read(open_->get(), piece.chunk.data(), piece.chunk.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return ErrnoStatus("cannot read", Path());
  if (count == 0) return absl::DataLossError(absl::StrCat(Path(), " ends ", left_, " bytes too early"));
  piece.chunk.resize(static_cast<size_t>(count));
  left_ -= count;
  checksum_.Add(piece.chunk);
  return piece;
}

BackupPiece BackupReader::CloseFile() {
  open_.reset();
  ++index_;
  BackupPiece piece;
  piece.kind = BackupPiece::Kind::kFileEnd;
  piece.checksum = checksum_.value();
  return piece;
}

}  // namespace ridgeline
