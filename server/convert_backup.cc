#include "server/convert_backup.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/convert_time.h"
#include "server/version.h"

namespace ridgeline {

v1::CreateBackupResponse BeginOf(const BackupView& view, absl::Time time) {
  v1::CreateBackupResponse message;
  v1::BackupBegin* begin = message.mutable_begin();
  *begin->mutable_create_time() = ToProto(time);
  begin->set_server_version(kSoftwareVersion);
  begin->set_file_count(static_cast<int64_t>(view.files().size()));
  begin->set_byte_count(view.bytes());
  return message;
}

v1::CreateBackupResponse ToProto(BackupPiece piece, const BackupView& view) {
  v1::CreateBackupResponse message;
  switch (piece.kind) {
    case BackupPiece::Kind::kFile:
      message.mutable_file()->set_path(piece.file.path);
      message.mutable_file()->set_byte_count(piece.file.bytes);
      break;
    case BackupPiece::Kind::kChunk:
      message.set_chunk(std::move(piece.chunk));
      break;
    case BackupPiece::Kind::kFileEnd:
      message.mutable_file_end()->set_xxh3(absl::StrCat(absl::Hex(piece.checksum, absl::kZeroPad16)));
      break;
    case BackupPiece::Kind::kEnd:
      message.mutable_end()->set_file_count(static_cast<int64_t>(view.files().size()));
      message.mutable_end()->set_byte_count(view.bytes());
      break;
  }
  return message;
}

}  // namespace ridgeline
