#ifndef RIDGELINE_CLIENT_BACKUP_RESTORE_H_
#define RIDGELINE_CLIENT_BACKUP_RESTORE_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "ridgeline/v1/backup_service.pb.h"

namespace ridgeline {

/// Is told of the bytes that are done, of all that there are to do.
using RestoreProgress = absl::FunctionRef<void(int64_t done, int64_t total)>;

/// Reads the whole backup in `directory` and compares it with its manifest, which it returns. kNotFound when
/// there is none, kFailedPrecondition when a newer release made it; kDataLoss naming the first file that is
/// damaged, missing or too many, or anything but a regular file.
absl::StatusOr<v1::BackupManifest> VerifyBackup(const std::string& directory, RestoreProgress on_progress);

/// Verifies the backup in `directory`, then makes `data_dir`, absent or empty so far, a copy of it that a
/// server opens: until it is complete and on the disk it is called `DATA_DIR.partial`. The errors of
/// VerifyBackup and StagingFolder::Create, and the disk's.
absl::StatusOr<v1::BackupManifest> RestoreBackup(const std::string& directory, const std::string& data_dir,
                                                 RestoreProgress on_progress);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_BACKUP_RESTORE_H_
