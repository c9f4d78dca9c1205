#include "client/backup/restore.h"

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/backup/backup_manifest.h"
#include "client/backup/durable_file.h"
#include "client/backup/file_checksum.h"
#include "client/backup/staging_folder.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

// A manifest lists each file in some 200 bytes.
constexpr size_t kMaxManifestBytes = size_t{256} << 20;

absl::StatusOr<v1::BackupManifest> ReadManifest(const std::string& directory) {
  std::string text;
  absl::Status read =
      ReadInPieces(absl::StrCat(directory, "/", kBackupManifestName), [&](absl::string_view bytes) {
        text.append(bytes.data(), bytes.size());
        return text.size() <= kMaxManifestBytes ? absl::OkStatus() : absl::DataLossError("is too long");
      });
  if (absl::IsNotFound(read)) {
    return absl::NotFoundError(
        absl::StrCat(directory, " is no backup, or half of one: it has no ", kBackupManifestName));
  }
  if (!read.ok()) return read;
  return ParseManifest(text);
}

// The paths in `directory` of all but folders.
absl::StatusOr<std::set<std::string>> ListPaths(const std::string& directory) {
  std::set<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (fs::is_directory(it->symlink_status(error))) continue;
    paths.insert(it->path().lexically_relative(directory).string());
  }
  if (error) return absl::UnknownError(absl::StrCat("cannot list ", directory, ": ", error.message()));
  return paths;
}

// That the folder holds what the manifest says, by name.
absl::Status CheckPaths(const v1::BackupManifest& manifest, const std::string& directory) {
  absl::StatusOr<std::set<std::string>> paths = ListPaths(directory);
  if (!paths.ok()) return paths.status();
  paths->erase(kBackupManifestName);
  for (const v1::BackupFile& file : manifest.files()) {
    if (paths->erase(file.path()) == 0) return absl::DataLossError(absl::StrCat(file.path(), " is missing"));
  }
  if (paths->empty()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(*paths->begin(), " does not belong there"));
}

// Reads a file whole, hands its bytes to `on_bytes`, and checks that they are those of the manifest.
absl::Status ReadChecked(const std::string& directory, const v1::BackupFile& file,
                         absl::FunctionRef<absl::Status(absl::string_view)> on_bytes) {
  FileChecksum checksum;
  int64_t bytes = 0;
  absl::Status read = ReadInPieces(absl::StrCat(directory, "/", file.path()), [&](absl::string_view piece) {
    bytes += static_cast<int64_t>(piece.size());
    checksum.Add(piece);
    return on_bytes(piece);
  });
  if (!read.ok()) return read;
  if (bytes != file.byte_count()) {
    return absl::DataLossError(
        absl::StrCat(file.path(), " is damaged: it has ", bytes, " bytes, not ", file.byte_count()));
  }
  if (checksum.Hex() == file.xxh3()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(file.path(), " is damaged: its checksum does not fit"));
}

absl::Status CopyChecked(const std::string& directory, const v1::BackupFile& file, const std::string& to,
                         absl::FunctionRef<void(int64_t)> on_bytes) {
  absl::StatusOr<std::unique_ptr<DurableFile>> copy = DurableFile::Create(to);
  if (!copy.ok()) return copy.status();
  absl::Status copied = ReadChecked(directory, file, [&](absl::string_view bytes) {
    on_bytes(static_cast<int64_t>(bytes.size()));
    return (*copy)->Append(bytes);
  });
  return copied.ok() ? (*copy)->Finish() : copied;
}

absl::Status InBackup(const std::string& directory, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("backup ", directory, ": ", status.message()));
}

}  // namespace

absl::StatusOr<v1::BackupManifest> VerifyBackup(const std::string& directory, RestoreProgress on_progress) {
  absl::StatusOr<v1::BackupManifest> manifest = ReadManifest(directory);
  if (!manifest.ok()) return InBackup(directory, manifest.status());
  absl::Status status = CheckPaths(*manifest, directory);
  const int64_t total = TotalBytes(*manifest);
  int64_t done = 0;
  for (int i = 0; status.ok() && i < manifest->files_size(); ++i) {
    status = ReadChecked(directory, manifest->files(i), [&](absl::string_view bytes) {
      done += static_cast<int64_t>(bytes.size());
      on_progress(done, total);
      return absl::OkStatus();
    });
  }
  if (!status.ok()) return InBackup(directory, status);
  return manifest;
}

absl::StatusOr<v1::BackupManifest> RestoreBackup(const std::string& directory, const std::string& data_dir,
                                                 RestoreProgress on_progress) {
  const absl::StatusOr<std::unique_ptr<StagingFolder>> folder =
      StagingFolder::Create(data_dir, StagingFolder::Target::kAbsentOrEmpty);
  if (!folder.ok()) return folder.status();
  // All is read twice: first to check it.
  const auto report = [&](int64_t done, int64_t total) { on_progress(done, 2 * total); };
  absl::StatusOr<v1::BackupManifest> manifest = VerifyBackup(directory, report);
  if (!manifest.ok()) return manifest.status();
  const int64_t total = TotalBytes(*manifest);
  int64_t done = total;
  for (const v1::BackupFile& file : manifest->files()) {
    const absl::Status copied =
        CopyChecked(directory, file, absl::StrCat((*folder)->path(), "/", file.path()),
                    [&](int64_t bytes) { on_progress(done += bytes, 2 * total); });
    if (!copied.ok()) return InBackup(directory, copied);
  }
  const absl::Status published = (*folder)->Publish();
  if (!published.ok()) return published;
  return manifest;
}

}  // namespace ridgeline
