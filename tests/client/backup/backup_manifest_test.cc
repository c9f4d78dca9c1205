#include "client/backup/backup_manifest.h"

#include <cctype>
#include <string>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

v1::BackupManifest TwoFiles() {
  v1::BackupManifest manifest;
  manifest.set_format(kBackupFormat);
  manifest.mutable_create_time()->set_seconds(1'700'000'000);
  manifest.set_server_version("0.1.0");
  for (const char* path : {"interactions/CURRENT", "models/v000001/manifest.json"}) {
    v1::BackupFile* file = manifest.add_files();
    file->set_path(path);
    file->set_byte_count(7);
    file->set_xxh3("0123456789abcdef");
  }
  return manifest;
}

TEST(BackupManifest, IsReadAsItWasWritten) {
  const absl::StatusOr<v1::BackupManifest> read = ParseManifest(EncodeManifest(TwoFiles()));
  ASSERT_TRUE(read.ok()) << read.status();
  v1::BackupManifest expected = TwoFiles();
  expected.set_xxh3(read->xxh3());
  EXPECT_EQ(read->SerializeAsString(), expected.SerializeAsString());
  EXPECT_EQ(read->xxh3().size(), 16u);
  EXPECT_EQ(TotalBytes(*read), 14);
}

TEST(BackupManifest, NoChangeOfACharacterPassesUnlessItSaysTheSame) {
  const std::string text = EncodeManifest(TwoFiles());
  const std::string whole = ParseManifest(text)->SerializeAsString();
  int refused = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      const absl::StatusOr<v1::BackupManifest> read = ParseManifest(changed);
      if (read.ok()) {
        EXPECT_EQ(read->SerializeAsString(), whole) << changed;
      }
      refused += read.ok() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, static_cast<int>(text.size()) * 5);
}

TEST(BackupManifest, ANewerFormatIsToldFromDamage) {
  v1::BackupManifest manifest = TwoFiles();
  manifest.set_format(kBackupFormat + 1);
  const std::string text = absl::StrReplaceAll(EncodeManifest(manifest), {{"\"files\"", "\"folders\""}});
  EXPECT_EQ(ParseManifest(text).status().code(), absl::StatusCode::kFailedPrecondition);
  manifest.set_format(0);
  EXPECT_EQ(ParseManifest(EncodeManifest(manifest)).status().code(), absl::StatusCode::kDataLoss);
  for (const char* other : {"", "{}", "[]", "not JSON", "{\"format\": \"x\"}"}) {
    EXPECT_EQ(ParseManifest(other).status().code(), absl::StatusCode::kDataLoss) << other;
  }
}

TEST(BackupManifest, NamesNoFileTwiceAndNoneOutsideOfItsFolder) {
  for (const char* path : {"interactions/CURRENT", "../models", "/etc/passwd", "backup.json"}) {
    v1::BackupManifest manifest = TwoFiles();
    manifest.mutable_files(1)->set_path(path);
    const absl::Status status = ParseManifest(EncodeManifest(manifest)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << path;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
  }
}

TEST(ValidateBackupPath, TakesNamesApartBySlashesAndNothingElse) {
  for (const char* path :
       {"models/v000001/factors.safetensors", "a", "A-b_c.9/x", "...", "sub/backup.json"}) {
    EXPECT_TRUE(ValidateBackupPath(path).ok()) << path;
  }
  for (const std::string& path :
       {std::string(), std::string("."), std::string(".."), std::string("../a"), std::string("a/../b"),
        std::string("/a"), std::string("a/"), std::string("a//b"), std::string("a/./b"), std::string("a\\b"),
        std::string("a b"), std::string("a\0b", 3), std::string("\xc3\xbc"), std::string("C:a"),
        std::string(256, 'a'), std::string("backup.json")}) {
    EXPECT_EQ(ValidateBackupPath(path).code(), absl::StatusCode::kInvalidArgument) << path;
  }
}

}  // namespace
}  // namespace ridgeline
