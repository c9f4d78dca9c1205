#include <cstdint>
#include <limits>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/types/optional.h"
#include "client/backup/backup_manifest.h"
#include "client/backup/file_checksum.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "tests/fuzz/backup_path.h"
#include "tests/fuzz/fuzz_target.h"

namespace ridgeline {
namespace {

// What `text` says, its checksum aside; none when it is not the JSON of a manifest.
absl::optional<v1::BackupManifest> MeaningOf(const std::string& text) {
  v1::BackupManifest manifest;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(text, &manifest, options).ok()) return absl::nullopt;
  manifest.clear_xxh3();
  return manifest;
}

// `text`, when it is the JSON of a manifest, with the checksum that it must have: what one sends who knows
// the format. Otherwise `text`.
std::string SignedText(const std::string& text) {
  using nlohmann::json;
  json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return text;
  document.erase("xxh3");
  const absl::optional<v1::BackupManifest> meaning = MeaningOf(document.dump());
  if (!meaning.has_value()) return text;
  FileChecksum checksum;
  checksum.Add(meaning->SerializeAsString());
  document["xxh3"] = checksum.Hex();
  return document.dump();
}

// Whether there can be a backup of which this is the manifest.
bool IsSound(const v1::BackupManifest& manifest) {
  std::set<std::string> paths;
  // Restoring reads all twice and counts what it has read.
  int64_t left = std::numeric_limits<int64_t>::max() / 2;
  for (const v1::BackupFile& file : manifest.files()) {
    if (!MayBeInABackup(file.path()) || !paths.insert(file.path()).second) return false;
    if (file.byte_count() < 0 || file.byte_count() > left) return false;
    left -= file.byte_count();
  }
  return manifest.format() == kBackupFormat;
}

// What a manifest that is read says is written in one way, and no other manifest has its checksum.
void CheckSpelling(const v1::BackupManifest& manifest) {
  const std::string text = EncodeManifest(manifest);
  const absl::StatusOr<v1::BackupManifest> again = ParseManifest(text);
  Require(again.ok() && again->SerializeAsString() == manifest.SerializeAsString(),
          "a manifest is the same, written and read again");
  Require(EncodeManifest(*again) == text, "a manifest has one spelling");
  v1::BackupManifest changed = manifest;
  changed.set_server_version(absl::StrCat(manifest.server_version(), "x"));
  const std::string resigned = EncodeManifest(changed);
  const std::string unsigned_text =
      absl::StrReplaceAll(resigned, {{ParseManifest(resigned)->xxh3(), manifest.xxh3()}});
  Require(absl::IsDataLoss(ParseManifest(unsigned_text).status()), "no change goes without its checksum");
}

void CheckManifest(const std::string& text) {
  const absl::StatusOr<v1::BackupManifest> manifest = ParseManifest(text);
  RequireExplained(manifest.status());
  if (!manifest.ok()) {
    Require(absl::IsDataLoss(manifest.status()) || absl::IsFailedPrecondition(manifest.status()),
            "what is not read is damaged or newer");
    return;
  }
  Require(IsSound(*manifest),
          "no manifest that is read names a file twice or outside of its folder, or more bytes than can be "
          "counted");
  CheckSpelling(*manifest);
}

// backup.json of a folder that anybody may have made, as it came and with the checksum that lets it past the
// first check; and any text as the path of a file.
RIDGELINE_FUZZ_TARGET(backup_manifest) {
  const std::string text(input);
  const absl::Status valid = ValidateBackupPath(text);
  RequireExplained(valid);
  Require(valid.ok() == MayBeInABackup(text), "just what stays inside of the folder is a path");
  CheckManifest(text);
  const std::string signed_text = SignedText(text);
  CheckManifest(signed_text);
  const absl::optional<v1::BackupManifest> meaning = MeaningOf(signed_text);
  if (signed_text == text || !meaning.has_value()) return;
  Require(ParseManifest(signed_text).ok() == IsSound(*meaning), "just what is sound is read");
}

}  // namespace
}  // namespace ridgeline
