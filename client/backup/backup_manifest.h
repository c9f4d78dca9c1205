#ifndef RIDGELINE_CLIENT_BACKUP_BACKUP_MANIFEST_H_
#define RIDGELINE_CLIENT_BACKUP_BACKUP_MANIFEST_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ridgeline/v1/backup_service.pb.h"

namespace ridgeline {

/// The file of a backup that lists the others.
inline constexpr char kBackupManifestName[] = "backup.json";

/// The newest format of backups that this release writes and reads.
inline constexpr int32_t kBackupFormat = 1;

/// Whether a file of a backup may have this path, as `BackupFile.path` says: none leads out of the folder, or
/// is that of the manifest. kInvalidArgument otherwise.
absl::Status ValidateBackupPath(absl::string_view path);

/// `manifest` as the text of its file, with its own checksum filled in; without fields that this release does
/// not know.
std::string EncodeManifest(v1::BackupManifest manifest);

/// The manifest of a text as EncodeManifest makes it; other spellings of the same content are taken, too.
/// kDataLoss when its checksum, a path or a size is wrong, kFailedPrecondition when a newer release made it.
absl::StatusOr<v1::BackupManifest> ParseManifest(const std::string& text);

/// How many bytes its files have together.
int64_t TotalBytes(const v1::BackupManifest& manifest);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_BACKUP_BACKUP_MANIFEST_H_
