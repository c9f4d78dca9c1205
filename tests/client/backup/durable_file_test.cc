#include "client/backup/durable_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

// What the file at `path` holds.
std::string Contents(const std::string& path) {
  std::string bytes;
  EXPECT_TRUE(ReadInPieces(path, [&](absl::string_view piece) {
                bytes.append(piece.data(), piece.size());
                return absl::OkStatus();
              }).ok());
  return bytes;
}

TEST(DurableFile, MakesItsFoldersAndHoldsWhatWasAppended) {
  const TempDir directory;
  const std::string path = directory.File("a/b/file");
  {
    const auto file = DurableFile::Create(path).value();
    ASSERT_TRUE(file->Append("one").ok());
    ASSERT_TRUE(file->Append(std::string("\0two", 4)).ok());
    ASSERT_TRUE(file->Finish().ok());
  }
  EXPECT_EQ(Contents(path), std::string("one\0two", 7));
}

TEST(DurableFile, ReplacesNothing) {
  const TempDir directory;
  const std::string path = directory.Write("file", "bytes");
  const absl::Status status = DurableFile::Create(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
  EXPECT_EQ(Contents(path), "bytes");
}

TEST(DurableFile, AFullDiskIsToldAndNotTakenForAServerThatDoesNotAnswer) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  EXPECT_EQ(DurableFile::Create("/dev/full").status().code(), absl::StatusCode::kAlreadyExists);
  errno = EAGAIN;
  EXPECT_NE(DiskError("cannot write", "file").code(), absl::StatusCode::kUnavailable);
  errno = ENOSPC;
  EXPECT_EQ(DiskError("cannot write", "file").code(), absl::StatusCode::kResourceExhausted);
}

TEST(ReadInPieces, GivesAllBytesInOrderAndStopsAtAnError) {
  const TempDir directory;
  std::string bytes;
  for (int i = 0; bytes.size() < 1'000'000; ++i) bytes += std::to_string(i);
  const std::string path = directory.Write("file", bytes);
  EXPECT_EQ(Contents(path), bytes);
  int pieces = 0;
  const absl::Status stopped = ReadInPieces(path, [&](absl::string_view) {
    ++pieces;
    return absl::AbortedError("enough");
  });
  EXPECT_EQ(stopped.message(), "enough");
  EXPECT_EQ(pieces, 1);
}

TEST(ReadInPieces, TakesNothingButRegularFiles) {
  const TempDir directory;
  const std::string file = directory.Write("file", "bytes");
  std::filesystem::create_symlink(file, directory.File("link"));
  ASSERT_EQ(mkfifo(directory.File("pipe").c_str(), 0600), 0);
  const auto nothing = [](absl::string_view) { return absl::OkStatus(); };
  for (const char* name : {"link", "pipe", "", "missing"}) {
    const absl::Status status = ReadInPieces(directory.File(name), nothing);
    EXPECT_FALSE(status.ok()) << name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(directory.File(name)));
  }
}

TEST(SyncFolder, NeedsAFolder) {
  const TempDir directory;
  EXPECT_TRUE(SyncFolder(directory.path()).ok());
  EXPECT_FALSE(SyncFolder(directory.Write("file", "")).ok());
}

}  // namespace
}  // namespace ridgeline
