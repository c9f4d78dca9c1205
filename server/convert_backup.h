#ifndef RIDGELINE_SERVER_CONVERT_BACKUP_H_
#define RIDGELINE_SERVER_CONVERT_BACKUP_H_

#include "absl/time/time.h"
#include "core/backup/backup_reader.h"
#include "core/backup/backup_source.h"
#include "ridgeline/v1/backup_service.pb.h"

namespace ridgeline {

/// The first message of a backup of `view`, which was made at `time`.
v1::CreateBackupResponse BeginOf(const BackupView& view, absl::Time time);

/// The message of one piece of `view`; takes the bytes of a chunk.
v1::CreateBackupResponse ToProto(BackupPiece piece, const BackupView& view);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CONVERT_BACKUP_H_
