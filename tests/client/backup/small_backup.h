#ifndef RIDGELINE_TESTS_CLIENT_BACKUP_SMALL_BACKUP_H_
#define RIDGELINE_TESTS_CLIENT_BACKUP_SMALL_BACKUP_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/backup/backup_writer.h"
#include "client/backup/file_checksum.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/backup_service.pb.h"

namespace ridgeline {

/// What the backup of SmallBackup has, by path.
inline const std::map<std::string, std::string>& SmallBackupFiles() {
  static const auto* const kFiles =
      new std::map<std::string, std::string>{{"interactions/000004.sst", std::string("\0binary\xff", 8)},
                                             {"models/LIVE", "v000001\n"},
                                             {"models/empty", ""}};
  return *kFiles;
}

/// The stream of a backup of three files, each byte a chunk of its own.
inline std::vector<v1::CreateBackupResponse> SmallBackup() {
  std::vector<v1::CreateBackupResponse> stream(1);
  v1::BackupEnd total;
  for (const auto& [path, bytes] : SmallBackupFiles()) {
    v1::BackupFile* file = stream.emplace_back().mutable_file();
    file->set_path(path);
    file->set_byte_count(static_cast<int64_t>(bytes.size()));
    FileChecksum checksum;
    checksum.Add(bytes);
    for (const char byte : bytes) stream.emplace_back().set_chunk(std::string(1, byte));
    stream.emplace_back().mutable_file_end()->set_xxh3(checksum.Hex());
    total.set_file_count(total.file_count() + 1);
    total.set_byte_count(total.byte_count() + file->byte_count());
  }
  *stream.emplace_back().mutable_end() = total;
  v1::BackupBegin* begin = stream.front().mutable_begin();
  begin->mutable_create_time()->set_seconds(1'700'000'000);
  begin->set_server_version("0.1.0");
  begin->set_file_count(total.file_count());
  begin->set_byte_count(total.byte_count());
  return stream;
}

/// Makes that backup at `directory`.
inline void MakeSmallBackup(const std::string& directory) {
  auto writer = BackupWriter::Create(directory);
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (const v1::CreateBackupResponse& message : SmallBackup()) {
    const absl::Status added = (*writer)->Add(message);
    ASSERT_TRUE(added.ok()) << added;
  }
  const auto finished = (*writer)->Finish();
  ASSERT_TRUE(finished.ok()) << finished.status();
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CLIENT_BACKUP_SMALL_BACKUP_H_
