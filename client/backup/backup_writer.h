#ifndef RIDGELINE_CLIENT_BACKUP_BACKUP_WRITER_H_
#define RIDGELINE_CLIENT_BACKUP_BACKUP_WRITER_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/backup/durable_file.h"
#include "client/backup/file_checksum.h"
#include "client/backup/staging_folder.h"
#include "ridgeline/v1/backup_service.pb.h"

namespace ridgeline {

/// Makes a folder of the stream of CreateBackup. Until it is complete and on the disk it is called
/// `DIRECTORY.partial` and has no backup.json, so nothing takes it for a backup. Thread-compatible.
///
///   auto writer = BackupWriter::Create(directory);
///   client.CreateBackup({}, [&](const v1::CreateBackupResponse& message) { return (*writer)->Add(message);
///   });
///   (*writer)->Finish();   // each with its status looked at
class BackupWriter {
 public:
  /// Begins the backup that will be `directory`, which must not exist. The errors of StagingFolder::Create.
  static absl::StatusOr<std::unique_ptr<BackupWriter>> Create(const std::string& directory);

  /// Removes what is there unless it was finished.
  ~BackupWriter() = default;
  BackupWriter(const BackupWriter&) = delete;
  BackupWriter& operator=(const BackupWriter&) = delete;

  /// Takes the next message of the stream. kDataLoss when it does not fit those before, as a checksum that is
  /// not that of the bytes; the disk's error when it refuses. Nothing more may be added then.
  absl::Status Add(const v1::CreateBackupResponse& message);

  /// Puts the backup on the disk and gives it its name; to be called once the stream has ended with OK.
  /// kDataLoss when it was not whole: there is no backup then. Else the disk's error: where it was the last
  /// sync, a whole backup that a loss of power may take away.
  absl::StatusOr<v1::BackupManifest> Finish();

  /// How many bytes were written, and how many there will be.
  int64_t written_bytes() const { return written_bytes_; }
  int64_t total_bytes() const { return begin_.byte_count(); }

 private:
  explicit BackupWriter(std::unique_ptr<StagingFolder> folder) : folder_(std::move(folder)) {}

  absl::Status AddBegin(const v1::BackupBegin& begin);
  absl::Status AddFile(const v1::BackupFile& file);
  absl::Status AddChunk(absl::string_view bytes);
  absl::Status AddFileEnd(const v1::BackupFileEnd& end);
  absl::Status AddEnd(const v1::BackupEnd& end);
  absl::Status WriteManifest(const std::string& text);

  const std::unique_ptr<StagingFolder> folder_;
  v1::BackupBegin begin_;
  v1::BackupManifest manifest_;  // of the files that are complete
  std::set<std::string> paths_;
  v1::BackupFile current_;             // the open file
  std::unique_ptr<DurableFile> file_;  // null between files
  std::unique_ptr<FileChecksum> checksum_;
  int64_t current_bytes_ = 0;  // of the open file
  int64_t written_bytes_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_BACKUP_BACKUP_WRITER_H_
