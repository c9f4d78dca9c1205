#include "client/backup/restore.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "client/backup/backup_manifest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/backup/small_backup.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

namespace fs = std::filesystem;

class RestoreTest : public testing::Test {
 protected:
  RestoreTest() { MakeSmallBackup(backup_); }

  absl::Status Restore() {
    return RestoreBackup(backup_, data_dir_, [](int64_t, int64_t) {}).status();
  }

  // That a damaged backup is refused, naming `culprit`, and leaves nothing.
  void ExpectRefused(const std::string& culprit, absl::StatusCode code = absl::StatusCode::kDataLoss) {
    const absl::Status status = Restore();
    EXPECT_EQ(status.code(), code) << culprit << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(culprit));
    EXPECT_EQ(VerifyBackup(backup_, [](int64_t, int64_t) {}).status(), status);
    EXPECT_FALSE(fs::exists(data_dir_));
    EXPECT_FALSE(fs::exists(data_dir_ + ".partial"));
  }

  void Renew() {
    fs::remove_all(backup_);
    MakeSmallBackup(backup_);
  }

  static std::string Contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  const TempDir temporary_;
  const std::string backup_ = temporary_.File("backup");
  const std::string data_dir_ = temporary_.File("data");
};

TEST_F(RestoreTest, MakesTheFolderThatWasBackedUp) {
  ASSERT_TRUE(Restore().ok());
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(data_dir_))
    files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, SmallBackupFiles().size()) << "and not the list";
  for (const auto& [path, bytes] : SmallBackupFiles()) EXPECT_EQ(Contents(data_dir_ + "/" + path), bytes);
  EXPECT_FALSE(fs::exists(data_dir_ + ".partial"));
}

TEST_F(RestoreTest, TakesAnEmptyFolderAndNoOther) {
  fs::create_directory(data_dir_);
  ASSERT_TRUE(Restore().ok());
  EXPECT_EQ(Restore().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Contents(data_dir_ + "/models/LIVE"), "v000001\n");
}

TEST_F(RestoreTest, AnyFlippedBitIsFound) {
  for (const auto& [path, bytes] : SmallBackupFiles()) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << i % 8));
      temporary_.Write("backup/" + path, flipped);
      ExpectRefused(path);
      temporary_.Write("backup/" + path, bytes);
    }
  }
  EXPECT_TRUE(Restore().ok());
}

TEST_F(RestoreTest, CutGrownMissingAndSurplusFilesAreNamed) {
  for (const auto& [path, bytes] : SmallBackupFiles()) {
    temporary_.Write("backup/" + path, bytes + "x");
    ExpectRefused(path);
    fs::remove(backup_ + "/" + path);
    ExpectRefused(path);
    Renew();
  }
  fs::resize_file(backup_ + "/models/LIVE", 3);
  ExpectRefused("models/LIVE");
  Renew();
  temporary_.Write("backup/models/surplus", "");
  ExpectRefused("models/surplus");
}

TEST_F(RestoreTest, WhatIsNoRegularFileIsNamed) {
  const std::string live = backup_ + "/models/LIVE";
  fs::rename(live, temporary_.File("elsewhere"));
  fs::create_symlink(temporary_.File("elsewhere"), live);
  EXPECT_THAT(std::string(Restore().message()), HasSubstr("models/LIVE"));
  EXPECT_FALSE(fs::exists(data_dir_));
  fs::remove(live);
  fs::create_directory(live);
  ExpectRefused("models/LIVE");
}

TEST_F(RestoreTest, WithoutItsListItIsNoBackup) {
  fs::remove(backup_ + "/backup.json");
  ExpectRefused("backup.json", absl::StatusCode::kNotFound);
  fs::remove_all(backup_);
  ExpectRefused(backup_, absl::StatusCode::kNotFound);
}

TEST_F(RestoreTest, ADamagedOrForgedListIsRefused) {
  const std::string list = Contents(backup_ + "/backup.json");
  temporary_.Write("backup/backup.json", list.substr(0, list.size() / 2));
  ExpectRefused("backup.json");
  v1::BackupManifest forged = ParseManifest(list).value();
  forged.mutable_files(0)->set_path("../escaped");
  temporary_.Write("backup/backup.json", EncodeManifest(forged));
  ExpectRefused("../escaped");
  EXPECT_FALSE(fs::exists(temporary_.File("escaped")));
}

TEST_F(RestoreTest, TellsHowFarItIs) {
  std::vector<int64_t> done;
  int64_t last_total = 0;
  ASSERT_TRUE(RestoreBackup(backup_, data_dir_, [&](int64_t bytes, int64_t total) {
                done.push_back(bytes);
                last_total = total;
              }).ok());
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(last_total, 32) << "16 bytes are read twice";
  EXPECT_EQ(done.back(), 32);
}

}  // namespace
}  // namespace ridgeline
