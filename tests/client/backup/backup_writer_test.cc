#include "client/backup/backup_writer.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "client/backup/backup_manifest.h"
#include "client/backup/restore.h"
#include "gmock/gmock.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"
#include "tests/client/backup/small_backup.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

namespace fs = std::filesystem;
using Stream = std::vector<v1::CreateBackupResponse>;

class BackupWriterTest : public testing::Test {
 protected:
  // How a backup of `stream` ends.
  absl::Status Write(const Stream& stream) {
    const auto writer = BackupWriter::Create(directory_);
    if (!writer.ok()) return writer.status();
    for (const v1::CreateBackupResponse& message : stream) {
      absl::Status added = (*writer)->Add(message);
      if (!added.ok()) return added;
    }
    return (*writer)->Finish().status();
  }

  // The first message of a kind.
  static size_t Find(const Stream& stream, v1::CreateBackupResponse::PartCase part) {
    size_t i = 0;
    while (stream[i].part_case() != part) ++i;
    return i;
  }

  const TempDir temporary_;
  const std::string directory_ = temporary_.File("backup");
};

TEST_F(BackupWriterTest, MakesAFolderOfTheFilesAndTheirList) {
  ASSERT_TRUE(Write(SmallBackup()).ok());
  for (const auto& [path, bytes] : SmallBackupFiles()) {
    std::ifstream file(directory_ + "/" + path, std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), bytes) << path;
  }
  const auto manifest = VerifyBackup(directory_, [](int64_t, int64_t) {});
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->files_size(), 3);
  EXPECT_EQ(manifest->create_time().seconds(), 1'700'000'000);
  EXPECT_EQ(manifest->server_version(), "0.1.0");
}

TEST_F(BackupWriterTest, AStreamThatIsCutAnywhereIsNoBackup) {
  const Stream whole = SmallBackup();
  for (size_t length = 0; length < whole.size(); ++length) {
    const absl::Status status = Write(Stream(whole.begin(), whole.begin() + static_cast<int64_t>(length)));
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << length;
    EXPECT_TRUE(fs::is_empty(temporary_.path())) << length;
  }
}

TEST_F(BackupWriterTest, AStreamWithAMessageMissingTwiceOrElsewhereIsNoBackup) {
  const Stream whole = SmallBackup();
  const auto at = [](size_t i) { return static_cast<int64_t>(i); };
  for (size_t i = 0; i < whole.size(); ++i) {
    Stream missing = whole;
    missing.erase(missing.begin() + at(i));
    EXPECT_FALSE(Write(missing).ok()) << "without message " << i;
    Stream twice = whole;
    twice.insert(twice.begin() + at(i), whole[i]);
    EXPECT_FALSE(Write(twice).ok()) << "with message " << i << " twice";
    Stream swapped = whole;
    std::swap(swapped[i], swapped[(i + 1) % whole.size()]);
    const bool same = swapped[i].SerializeAsString() == whole[i].SerializeAsString();
    EXPECT_TRUE(same || !Write(swapped).ok()) << "with message " << i << " later";
  }
  EXPECT_TRUE(fs::is_empty(temporary_.path()));
}

TEST_F(BackupWriterTest, BytesThatAreNotThoseThatTheServerReadAreNamed) {
  Stream stream = SmallBackup();
  stream[Find(stream, v1::CreateBackupResponse::kChunk)].set_chunk("x");
  const absl::Status status = Write(stream);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("interactions/000004.sst"));
}

TEST_F(BackupWriterTest, AServerWritesNowhereElse) {
  for (const char* path : {"../outside", "/tmp/outside", "a/../../outside", "backup.json", ""}) {
    Stream stream = SmallBackup();
    stream[Find(stream, v1::CreateBackupResponse::kFile)].mutable_file()->set_path(path);
    EXPECT_EQ(Write(stream).code(), absl::StatusCode::kDataLoss) << path;
    EXPECT_TRUE(fs::is_empty(temporary_.path())) << path;
  }
}

TEST_F(BackupWriterTest, AnUnknownPartIsRefused) {
  Stream stream = SmallBackup();
  stream.insert(stream.begin() + 1, v1::CreateBackupResponse());
  EXPECT_EQ(Write(stream).code(), absl::StatusCode::kDataLoss);
}

TEST_F(BackupWriterTest, WhatANewerServerSaysOfAFileIsLeftOut) {
  Stream stream = SmallBackup();
  for (v1::CreateBackupResponse& message : stream) {
    if (!message.has_file()) continue;
    v1::BackupFile* file = message.mutable_file();
    file->GetReflection()->MutableUnknownFields(file)->AddVarint(1000, 1);
  }
  const absl::Status status = Write(stream);
  ASSERT_TRUE(status.ok()) << status;
  const auto manifest = VerifyBackup(directory_, [](int64_t, int64_t) {});
  EXPECT_TRUE(manifest.ok()) << manifest.status();
}

TEST_F(BackupWriterTest, WhatCouldNotBeReadAgainIsNoBackup) {
  Stream stream = SmallBackup();
  stream.front().mutable_begin()->mutable_create_time()->set_nanos(-1);  // of which JSON has no text
  EXPECT_EQ(Write(stream).code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(fs::is_empty(temporary_.path()));
}

TEST_F(BackupWriterTest, WhatIsThereIsNotReplaced) {
  ASSERT_TRUE(Write(SmallBackup()).ok());
  EXPECT_EQ(Write(SmallBackup()).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(VerifyBackup(directory_, [](int64_t, int64_t) {}).ok());
}

TEST_F(BackupWriterTest, KnowsHowFarItIs) {
  const auto writer = BackupWriter::Create(directory_).value();
  const Stream stream = SmallBackup();
  ASSERT_TRUE(writer->Add(stream[0]).ok());
  EXPECT_EQ(writer->total_bytes(), 16);
  EXPECT_EQ(writer->written_bytes(), 0);
  for (size_t i = 1; i < stream.size(); ++i) ASSERT_TRUE(writer->Add(stream[i]).ok());
  EXPECT_EQ(writer->written_bytes(), 16);
}

}  // namespace
}  // namespace ridgeline
