#include "client/backup/backup_writer.h"

#include "absl/strings/str_cat.h"
#include "client/backup/backup_manifest.h"

namespace ridgeline {
namespace {

absl::Status OutOfOrder(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("the server's backup is not in order: ", what));
}

}  // namespace

absl::StatusOr<std::unique_ptr<BackupWriter>> BackupWriter::Create(const std::string& directory) {
  absl::StatusOr<std::unique_ptr<StagingFolder>> folder =
      StagingFolder::Create(directory, StagingFolder::Target::kAbsent);
  if (!folder.ok()) return folder.status();
  return std::unique_ptr<BackupWriter>(new BackupWriter(*std::move(folder)));
}

absl::Status BackupWriter::Add(const v1::CreateBackupResponse& message) {
  if (ended_) return OutOfOrder("something comes after its end");
  if (begun_ == message.has_begin()) return OutOfOrder("it has not one beginning");
  switch (message.part_case()) {
    case v1::CreateBackupResponse::kBegin:
      return AddBegin(message.begin());
    case v1::CreateBackupResponse::kFile:
      return AddFile(message.file());
    case v1::CreateBackupResponse::kChunk:
      return AddChunk(message.chunk());
    case v1::CreateBackupResponse::kFileEnd:
      return AddFileEnd(message.file_end());
    case v1::CreateBackupResponse::kEnd:
      return AddEnd(message.end());
    case v1::CreateBackupResponse::PART_NOT_SET:
      break;
  }
  return OutOfOrder("it has a part that this release does not know");
}

absl::Status BackupWriter::AddBegin(const v1::BackupBegin& begin) {
  begun_ = true;
  begin_ = begin;
  manifest_.set_format(kBackupFormat);
  *manifest_.mutable_create_time() = begin.create_time();
  manifest_.set_server_version(begin.server_version());
  return absl::OkStatus();
}

absl::Status BackupWriter::AddFile(const v1::BackupFile& file) {
  if (file_ != nullptr) return OutOfOrder(absl::StrCat(current_.path(), " has no end"));
  const absl::Status valid = ValidateBackupPath(file.path());
  if (!valid.ok()) return OutOfOrder(valid.message());
  if (!paths_.insert(file.path()).second) return OutOfOrder(absl::StrCat(file.path(), " comes twice"));
  absl::StatusOr<std::unique_ptr<DurableFile>> made =
      DurableFile::Create(absl::StrCat(folder_->path(), "/", file.path()));
  if (!made.ok()) return made.status();
  file_ = *std::move(made);
  checksum_ = std::make_unique<FileChecksum>();
  current_ = file;
  current_bytes_ = 0;
  return absl::OkStatus();
}

absl::Status BackupWriter::AddChunk(absl::string_view bytes) {
  if (file_ == nullptr) return OutOfOrder("bytes of no file");
  current_bytes_ += static_cast<int64_t>(bytes.size());
  written_bytes_ += static_cast<int64_t>(bytes.size());
  if (current_bytes_ > current_.byte_count()) {
    return OutOfOrder(absl::StrCat(current_.path(), " is longer than announced"));
  }
  checksum_->Add(bytes);
  return file_->Append(bytes);
}

absl::Status BackupWriter::AddFileEnd(const v1::BackupFileEnd& end) {
  if (file_ == nullptr) return OutOfOrder("the end of no file");
  if (current_bytes_ != current_.byte_count()) {
    return OutOfOrder(absl::StrCat(current_.path(), " is shorter than announced"));
  }
  current_.set_xxh3(checksum_->Hex());
  if (current_.xxh3() != end.xxh3()) {
    return absl::DataLossError(absl::StrCat(current_.path(), " was damaged on its way"));
  }
  *manifest_.add_files() = current_;
  absl::Status finished = file_->Finish();
  file_.reset();
  return finished;
}

absl::Status BackupWriter::AddEnd(const v1::BackupEnd& end) {
  const int64_t files = manifest_.files_size();
  const bool is_whole = file_ == nullptr && end.file_count() == files && begin_.file_count() == files &&
                        end.byte_count() == written_bytes_ && begin_.byte_count() == written_bytes_;
  if (!is_whole) return OutOfOrder("files or bytes are missing");
  ended_ = true;
  return absl::OkStatus();
}

absl::StatusOr<v1::BackupManifest> BackupWriter::Finish() {
  if (!ended_) return absl::DataLossError("the server's backup has no end");
  const std::string text = EncodeManifest(manifest_);
  // What cannot be read again, as with a time that no text can say, must not look like a backup.
  absl::StatusOr<v1::BackupManifest> manifest = ParseManifest(text);
  if (!manifest.ok()) return manifest.status();
  absl::Status status = WriteManifest(text);
  if (status.ok()) status = folder_->Publish();
  if (!status.ok()) return status;
  return manifest;
}

absl::Status BackupWriter::WriteManifest(const std::string& text) {
  absl::StatusOr<std::unique_ptr<DurableFile>> file =
      DurableFile::Create(absl::StrCat(folder_->path(), "/", kBackupManifestName));
  if (!file.ok()) return file.status();
  absl::Status written = (*file)->Append(text);
  return written.ok() ? (*file)->Finish() : written;
}

}  // namespace ridgeline
