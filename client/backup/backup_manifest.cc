#include "client/backup/backup_manifest.h"

#include <limits>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/backup/file_checksum.h"
#include "google/protobuf/util/json_util.h"

namespace ridgeline {
namespace {

constexpr char kNameCharacters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

// What all files together may have: who restores counts them twice, in 64 bits.
constexpr int64_t kMaxTotalBytes = std::numeric_limits<int64_t>::max() / 2;

std::string ChecksumOf(v1::BackupManifest manifest) {
  manifest.clear_xxh3();
  FileChecksum checksum;
  checksum.Add(manifest.SerializeAsString());  // without maps there is one way only
  return checksum.Hex();
}

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat(kBackupManifestName, ": ", what));
}

absl::Status ValidateFiles(const v1::BackupManifest& manifest) {
  std::set<std::string> paths;
  int64_t left = kMaxTotalBytes;
  for (const v1::BackupFile& file : manifest.files()) {
    const absl::Status valid = ValidateBackupPath(file.path());
    if (!valid.ok()) return Damaged(valid.message());
    if (!paths.insert(file.path()).second) return Damaged(absl::StrCat(file.path(), " is there twice"));
    if (file.byte_count() < 0) return Damaged(absl::StrCat(file.path(), " has a negative size"));
    if (file.byte_count() > left) return Damaged(absl::StrCat(file.path(), " is larger than any disk"));
    left -= file.byte_count();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateBackupPath(absl::string_view path) {
  if (path == kBackupManifestName) {
    return absl::InvalidArgumentError(absl::StrCat("no file may be called ", path));
  }
  const std::vector<absl::string_view> names = absl::StrSplit(path, '/');
  for (const absl::string_view name : names) {
    const bool is_name = !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
                         name.find_first_not_of(kNameCharacters) == absl::string_view::npos;
    if (!is_name) return absl::InvalidArgumentError(absl::StrCat("not the path of a file: '", path, "'"));
  }
  return absl::OkStatus();
}

std::string EncodeManifest(v1::BackupManifest manifest) {
  // Those of a newer server: the text has no place for them, nor may its checksum have.
  manifest.DiscardUnknownFields();
  manifest.set_xxh3(ChecksumOf(manifest));
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  // It cannot fail: the message has no Any. Were it to, the text would not be read as a manifest.
  (void)google::protobuf::util::MessageToJsonString(manifest, &text, options);
  return text;
}

absl::StatusOr<v1::BackupManifest> ParseManifest(const std::string& text) {
  v1::BackupManifest manifest;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // those of a newer format, which is told apart below
  const auto parsed = google::protobuf::util::JsonStringToMessage(text, &manifest, options);
  if (!parsed.ok()) return Damaged("is not that of a backup");
  if (manifest.format() > kBackupFormat) {
    return absl::FailedPreconditionError(absl::StrCat("a newer release made a backup of format ",
                                                      manifest.format(), "; this one reads up to ",
                                                      kBackupFormat));
  }
  if (manifest.format() < 1 || manifest.xxh3() != ChecksumOf(manifest)) {
    return Damaged("is damaged: its checksum does not fit");
  }
  const absl::Status valid = ValidateFiles(manifest);
  if (!valid.ok()) return valid;
  return manifest;
}

int64_t TotalBytes(const v1::BackupManifest& manifest) {
  int64_t total = 0;
  for (const v1::BackupFile& file : manifest.files()) total += file.byte_count();
  return total;
}

}  // namespace ridgeline
