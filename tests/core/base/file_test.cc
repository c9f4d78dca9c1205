#include "core/base/file.h"

#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

TEST(WriteFileDurably, JoinsItsChunksAndReplacesWhatWasThere) {
  const TempDir directory;
  const std::string path = directory.File("f");
  ASSERT_TRUE(WriteFileDurably(path, {"a longer content than the next"}).ok());
  ASSERT_TRUE(WriteFileDurably(path, {"one", "", std::string("\0two", 4)}).ok());
  EXPECT_EQ(ReadFile(path).value(), std::string("one\0two", 7));
}

TEST(WriteFileDurably, SaysWhichFileCannotBeMade) {
  const TempDir directory;
  const absl::Status status = WriteFileDurably(directory.File("none/f"), {"x"});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find("none/f"), absl::string_view::npos);
}

TEST(WriteFileDurably, AFullDiskIsAnErrorNotAShortFile) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "/dev/full is not there";
  EXPECT_FALSE(WriteFileDurably("/dev/full", {"x"}).ok());
}

TEST(MappedFile, SeesTheBytesAndAnEmptyFileToo) {
  const TempDir directory;
  const std::string bytes(100000, 'z');
  EXPECT_EQ(MappedFile::Open(directory.Write("f", bytes)).value()->bytes(), bytes);
  EXPECT_EQ(MappedFile::Open(directory.Write("e", "")).value()->bytes(), "");
}

TEST(MappedFile, PartsMovedOutAreEqualAndCanBeReadAgain) {
  const TempDir directory;
  std::string bytes(3 << 20, ' ');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 >> 7);
  const auto file = MappedFile::Open(directory.Write("f", bytes)).value();
  for (const size_t begin : {size_t{0}, size_t{1}, size_t{4096}, size_t{100'000}}) {
    const absl::string_view part = file->bytes().substr(begin, bytes.size() - 2 * begin);
    std::string copy(part.size(), '\0');
    ASSERT_TRUE(file->MoveOut(part, copy.data()).ok());
    EXPECT_TRUE(copy == absl::string_view(bytes).substr(begin, part.size())) << begin;
  }
  file->Release(file->bytes());
  file->Release(file->bytes().substr(5, 0));
  EXPECT_TRUE(file->bytes() == bytes);
}

TEST(MappedFile, WhatCannotBeReadIsAnErrorAndNoSignal) {
  const TempDir directory;
  const std::string path = directory.Write("f", std::string(100'000, 'z'));
  const auto file = MappedFile::Open(path).value();
  std::filesystem::resize_file(path, 50'000);
  std::string copy(100'000, ' ');
  const absl::Status status = file->MoveOut(file->bytes(), copy.data());
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find(path), absl::string_view::npos) << status;
  EXPECT_TRUE(file->MoveOut(file->bytes().substr(0, 50'000), &copy[0]).ok());
  EXPECT_EQ(copy.substr(0, 50'000), std::string(50'000, 'z'));
}

TEST(MappedFile, RefusesWhatIsNoFile) {
  const TempDir directory;
  EXPECT_EQ(MappedFile::Open(directory.File("none")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(MappedFile::Open(directory.path()).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadFile(directory.File("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST(MappedFile, APipeOrADeviceIsNoFile) {
  EXPECT_EQ(MappedFile::Open("/dev/null").status().code(), absl::StatusCode::kInvalidArgument);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string path = "/proc/self/fd/" + std::to_string(ends[0]);
  EXPECT_EQ(MappedFile::Open(path).status().code(), absl::StatusCode::kInvalidArgument);
  close(ends[0]);
  close(ends[1]);
}

TEST(RenameDurably, MovesFilesAndDirectories) {
  const TempDir directory;
  std::filesystem::create_directory(directory.File("a"));
  directory.Write("a/f", "x");
  ASSERT_TRUE(RenameDurably(directory.File("a"), directory.File("b")).ok());
  EXPECT_EQ(ReadFile(directory.File("b/f")).value(), "x");
  EXPECT_FALSE(RenameDurably(directory.File("a"), directory.File("c")).ok());
}

TEST(ReplaceFileDurably, LeavesOnlyTheNewContent) {
  const TempDir directory;
  const std::string path = directory.Write("f", "old");
  ASSERT_TRUE(ReplaceFileDurably(path, "new").ok());
  EXPECT_EQ(ReadFile(path).value(), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(ReplaceFileDurably, TakesAPathWithoutADirectory) {
  const TempDir directory;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  EXPECT_TRUE(ReplaceFileDurably("relative", "x").ok());
  std::filesystem::current_path(before);
  EXPECT_EQ(ReadFile(directory.File("relative")).value(), "x");
}

TEST(SyncDirectory, RefusesWhatIsNoDirectory) {
  const TempDir directory;
  EXPECT_TRUE(SyncDirectory(directory.path()).ok());
  EXPECT_FALSE(SyncDirectory(directory.Write("f", "")).ok());
}

TEST(MakeDirectoriesDurably, MakesAllThatAreAbsentAndLeavesTheOthers) {
  const TempDir directory;
  ASSERT_TRUE(MakeDirectoriesDurably(directory.File("a/b/c")).ok());
  directory.Write("a/b/c/f", "x");
  ASSERT_TRUE(MakeDirectoriesDurably(directory.File("a/b/c")).ok());
  ASSERT_TRUE(MakeDirectoriesDurably(directory.File("a/b/../d/")).ok());
  EXPECT_EQ(ReadFile(directory.File("a/b/c/f")).value(), "x");
  EXPECT_TRUE(std::filesystem::is_directory(directory.File("a/d")));
  std::filesystem::create_directory_symlink("a", directory.File("link"));
  ASSERT_TRUE(MakeDirectoriesDurably(directory.File("link/e")).ok());
  EXPECT_TRUE(std::filesystem::is_directory(directory.File("a/e")));
}

TEST(MakeDirectoriesDurably, TakesAPathWithoutADirectory) {
  const TempDir directory;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  EXPECT_TRUE(MakeDirectoriesDurably("relative/below").ok());
  std::filesystem::current_path(before);
  EXPECT_TRUE(std::filesystem::is_directory(directory.File("relative/below")));
}

TEST(MakeDirectoriesDurably, NamesWhatIsInTheWay) {
  const TempDir directory;
  const std::string file = directory.Write("f", "x");
  for (const std::string& path : {file, file + "/below"}) {
    const absl::Status status = MakeDirectoriesDurably(path);
    EXPECT_FALSE(status.ok());
    EXPECT_NE(status.message().find(file), absl::string_view::npos) << status;
  }
  EXPECT_EQ(ReadFile(file).value(), "x");
}

TEST(MakeDirectoriesDurably, ANameIsNeeded) {
  EXPECT_EQ(MakeDirectoriesDurably("").code(), absl::StatusCode::kNotFound);
}

TEST(RemoveAll, LeavesNothingAndFindsNothingAmiss) {
  const TempDir directory;
  const std::string path = directory.File("a");
  ASSERT_TRUE(MakeDirectoriesDurably(path + "/b").ok());
  directory.Write("a/b/f", "x");
  EXPECT_TRUE(RemoveAll(path).ok());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(RemoveAll(path).ok()) << "nothing is there";
}

TEST(LinkOrCopyFile, TheSecondNameKeepsTheBytesWhenTheFirstIsGone) {
  const TempDir directory;
  const std::string path = directory.Write("f", "bytes");
  ASSERT_TRUE(LinkOrCopyFile(path, directory.File("g")).ok());
  EXPECT_EQ(std::filesystem::hard_link_count(path), 2u);
  std::filesystem::remove(path);
  EXPECT_EQ(ReadFile(directory.File("g")).value(), "bytes");
}

TEST(LinkOrCopyFile, ReplacesNothingAndNamesWhatIsMissing) {
  const TempDir directory;
  const std::string path = directory.Write("f", "bytes");
  const std::string taken = directory.Write("taken", "other bytes");
  EXPECT_EQ(LinkOrCopyFile(path, taken).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadFile(taken).value(), "other bytes");
  const absl::Status missing = LinkOrCopyFile(directory.File("missing"), directory.File("g"));
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(missing.message().find(directory.File("missing")), absl::string_view::npos);
}

// Most machines have memory on another file system than the disk.
TEST(LinkOrCopyFile, CopiesToAnotherFileSystem) {
  const TempDir directory;
  const std::string path = directory.Write("f", "bytes");
  std::string elsewhere = "/dev/shm/ridgeline-XXXXXX";
  if (mkdtemp(elsewhere.data()) == nullptr) GTEST_SKIP() << "no /dev/shm";
  EXPECT_TRUE(LinkOrCopyFile(path, elsewhere + "/g").ok());
  EXPECT_EQ(ReadFile(elsewhere + "/g").value(), "bytes");
  std::filesystem::remove_all(elsewhere);
}

}  // namespace
}  // namespace ridgeline
