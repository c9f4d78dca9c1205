#include "tests/reliability/disk_faults.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <string>

#include "core/base/descriptor.h"
#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;

// A watched folder with a file "first", in which "kept" was made since.
class DiskFaultsTest : public testing::Test {
 protected:
  DiskFaultsTest() { Put("kept", "old"); }

  std::string File(const std::string& name) const { return directory_.File(name); }

  // Writes a file anew and syncs it, though not its name.
  void Put(const std::string& name, const std::string& bytes) {
    EXPECT_TRUE(WriteFileDurably(File(name), {bytes}).ok());
  }

  void SyncNames(const std::string& folder = "") { EXPECT_TRUE(SyncDirectory(File(folder)).ok()); }

  // Appends without a sync.
  void Append(const Descriptor& file, const std::string& bytes) {
    EXPECT_TRUE(WriteAll(file, bytes, "the file").ok());
  }

  std::string After(UnsyncedNames names) {
    const std::string copy = copies_.File(std::to_string(++copies_made_));
    disk_.CopyAfterPowerLoss(names, copy);
    return copy;
  }

  // What a power cut would leave of a file.
  std::string LeftOf(const std::string& name, UnsyncedNames names = UnsyncedNames::kLost) {
    return ReadFile(After(names) + "/" + name).value();
  }

  // The names that it would leave, in all folders.
  std::set<std::string> NamesLeft(UnsyncedNames names = UnsyncedNames::kLost) {
    std::set<std::string> found;
    const std::string copy = After(names);
    for (const auto& entry : fs::recursive_directory_iterator(copy)) {
      found.insert(entry.path().lexically_relative(copy).string());
    }
    return found;
  }

  const TempDir copies_;
  int copies_made_ = 0;
  const TempDir directory_;
  // What is there when it begins is on the disk.
  const std::string first_ = directory_.Write("first", "1");
  DiskFaults disk_{directory_.path()};
};

TEST_F(DiskFaultsTest, APowerCutLeavesNoNameThatItsFolderWasNotSyncedFor) {
  EXPECT_THAT(NamesLeft(), ElementsAre("first")) << "the sync of a new file is none of its name";
  SyncNames();
  EXPECT_THAT(NamesLeft(), ElementsAre("first", "kept"));
  fs::create_directory(File("folder"));
  Put("folder/inner", "x");
  SyncNames("folder");
  EXPECT_THAT(NamesLeft(), ElementsAre("first", "kept")) << "the folder itself has no name yet";
  EXPECT_THAT(NamesLeft(UnsyncedNames::kKept), ElementsAre("first", "folder", "folder/inner", "kept"));
  SyncNames();
  EXPECT_THAT(NamesLeft(), ElementsAre("first", "folder", "folder/inner", "kept"));
}

TEST_F(DiskFaultsTest, APowerCutUndoesRenamesAndRemovalsThatWereNotSynced) {
  SyncNames();
  fs::rename(File("first"), File("second"));
  fs::remove(File("kept"));
  EXPECT_THAT(NamesLeft(), ElementsAre("first", "kept"));
  EXPECT_EQ(LeftOf("kept"), "old");
  EXPECT_THAT(NamesLeft(UnsyncedNames::kKept), ElementsAre("second"));
  Put("new", "new");
  fs::rename(File("new"), File("second"));
  EXPECT_EQ(LeftOf("first"), "1");
  SyncNames();
  EXPECT_THAT(NamesLeft(), ElementsAre("second"));
  EXPECT_EQ(LeftOf("second"), "new");
}

TEST_F(DiskFaultsTest, NamesMayBeKeptInTheFoldersOfTheFoldersAlone) {
  fs::create_directories(File("store/version"));
  Put("store/version/a", "a");
  for (const char* folder : {"", "store", "store/version"}) SyncNames(folder);
  fs::rename(File("store/version"), File("store/tmp"));
  fs::remove(File("store/tmp/a"));
  EXPECT_THAT(NamesLeft(UnsyncedNames::kKeptInSubfolders),
              ElementsAre("first", "kept", "store", "store/version"));
  EXPECT_THAT(NamesLeft(), ElementsAre("first", "kept", "store", "store/version", "store/version/a"));
}

TEST_F(DiskFaultsTest, APowerCutLeavesOfAFileWhatWasSynced) {
  SyncNames();
  const Descriptor file(open(File("kept").c_str(), O_WRONLY | O_APPEND));
  Append(file, "+1");
  ASSERT_EQ(fdatasync(file.get()), 0);
  Append(file, "+2");
  EXPECT_EQ(LeftOf("kept"), "old+1");
  EXPECT_EQ(LeftOf("kept", UnsyncedNames::kKept), "old+1");
  ASSERT_EQ(ftruncate(file.get(), 2), 0);
  EXPECT_EQ(LeftOf("kept"), "old+1") << "the cut was not synced";
  EXPECT_EQ(LeftOf("kept", UnsyncedNames::kKept), "ol");
  ASSERT_EQ(fsync(file.get()), 0);
  EXPECT_EQ(LeftOf("kept"), "ol");
  disk_.CopyAfterDeath(copies_.File("death"));
  EXPECT_EQ(ReadFile(copies_.File("death/kept")).value(), "ol");
  ASSERT_EQ(ftruncate(file.get(), 1), 0);
  ASSERT_EQ(ftruncate(file.get(), 3), 0);
  ASSERT_EQ(fsync(file.get()), 0);
  EXPECT_EQ(LeftOf("kept"), std::string("o\0\0", 3)) << "what was cut off does not come back";
}

TEST_F(DiskFaultsTest, WhatASyncFailedToWriteStaysLostUntilItIsWrittenAgain) {
  SyncNames();
  const Descriptor file(open(File("kept").c_str(), O_WRONLY | O_APPEND));
  Append(file, "lost");
  disk_.Fail(DiskFault::kSyncFailure, FaultDuration::kOnce, disk_.sites(DiskFault::kSyncFailure));
  EXPECT_NE(fsync(file.get()), 0);
  Append(file, "+new");
  EXPECT_EQ(fsync(file.get()), 0);
  EXPECT_EQ(LeftOf("kept"), "old" + std::string(4, '\0') + "+new");
  EXPECT_EQ(ReadFile(File("kept")).value(), "oldlost+new") << "who reads it sees nothing of that";
  const Descriptor again(open(File("kept").c_str(), O_WRONLY));
  ASSERT_EQ(pwrite(again.get(), "lost", 4, 3), 4);
  EXPECT_EQ(fsync(again.get()), 0);
  EXPECT_EQ(LeftOf("kept"), "oldlost+new");
}

TEST_F(DiskFaultsTest, NamesThatASyncFailedToWriteAreWrittenByTheNext) {
  disk_.Fail(DiskFault::kSyncFailure, FaultDuration::kOnce, disk_.sites(DiskFault::kSyncFailure));
  EXPECT_FALSE(SyncDirectory(File("")).ok());
  EXPECT_THAT(NamesLeft(), ElementsAre("first"));
  SyncNames();
  EXPECT_THAT(NamesLeft(), ElementsAre("first", "kept"));
}

TEST_F(DiskFaultsTest, AFileIsNotTakenForOneThatHadItsNumberBefore) {
  SyncNames();
  for (int i = 0; i < 100; ++i) {
    fs::remove(File("kept"));
    const Descriptor file(open(File("kept").c_str(), O_WRONLY | O_CREAT, 0600));
    Append(file, "new");
  }
  EXPECT_EQ(LeftOf("kept"), "old");
  EXPECT_EQ(LeftOf("kept", UnsyncedNames::kKept), "");
}

TEST_F(DiskFaultsTest, RoomThatIsAskedForCanBeRefused) {
  const Descriptor file(open(File("kept").c_str(), O_WRONLY));
  disk_.Fail(DiskFault::kNoSpace, FaultDuration::kUntilHealed, 0);
  EXPECT_EQ(posix_fallocate(file.get(), 0, 4096), ENOSPC);
  EXPECT_NE(fallocate(file.get(), FALLOC_FL_KEEP_SIZE, 0, 4096), 0);
  EXPECT_EQ(errno, ENOSPC);
  disk_.Heal();
  EXPECT_EQ(posix_fallocate(file.get(), 0, 4096), 0);
  EXPECT_EQ(LeftOf("first"), "1");
}

TEST_F(DiskFaultsTest, WhoLooksAtTheFailureSeesTheMomentBeforeIt) {
  SyncNames();
  std::string seen;
  disk_.WhenItFails([&] { seen = LeftOf("kept"); });
  disk_.Fail(DiskFault::kIoError, FaultDuration::kUntilHealed, disk_.sites(DiskFault::kIoError) + 2);
  EXPECT_FALSE(WriteFileDurably(File("kept"), {"new"}).ok()) << "opened and written, not synced";
  EXPECT_EQ(seen, "old");
  EXPECT_TRUE(disk_.failed());
}

TEST_F(DiskFaultsTest, AFolderWhoseNameBeginsAlikeIsAnother) {
  disk_.Fail(DiskFault::kIoError, FaultDuration::kUntilHealed, 0);
  const std::string sibling = directory_.path() + ".copy";
  EXPECT_TRUE(WriteFileDurably(sibling, {"x"}).ok());
  EXPECT_FALSE(disk_.failed());
  fs::remove(sibling);
}

}  // namespace
}  // namespace ridgeline
