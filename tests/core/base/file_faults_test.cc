// Directories on a disk that does not sync.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

// The folder, the directories to make in it, and what each is an entry of, in the order of making.
struct Folder {
  const TempDir top;
  const std::string wanted = top.File("a/b/c");
  const std::vector<std::string> made = {top.File("a"), top.File("a/b"), wanted};
  const std::vector<std::string> parents = {top.path(), top.File("a"), top.File("a/b")};
};

TEST(MakeDirectoriesDurably, SyncsEachIntoTheOneAboveIt) {
  for (size_t site = 0; site < 3; ++site) {
    const Folder folder;
    DiskFaults disk(folder.top.path());
    disk.Fail(DiskFault::kSyncFailure, FaultDuration::kOnce, static_cast<int64_t>(site));
    const absl::Status status = MakeDirectoriesDurably(folder.wanted);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("cannot sync directory " + folder.parents[site] + ":"));
  }
}

TEST(MakeDirectoriesDurably, MakesWhatCouldNotBeSyncedAnewAtTheNextCall) {
  for (size_t site = 0; site < 3; ++site) {
    const Folder folder;
    DiskFaults disk(folder.top.path());
    disk.Fail(DiskFault::kSyncFailure, FaultDuration::kOnce, static_cast<int64_t>(site));
    EXPECT_FALSE(MakeDirectoriesDurably(folder.wanted).ok());
    EXPECT_FALSE(std::filesystem::exists(folder.made[site]));
    EXPECT_TRUE(MakeDirectoriesDurably(folder.wanted).ok());
    EXPECT_TRUE(std::filesystem::is_directory(folder.wanted));
  }
}

TEST(MakeDirectoriesDurably, SyncsTheLastOfThoseThatItFindsAndNoOther) {
  for (const std::string slash : {"", "/"}) {
    for (size_t found = 1; found <= 3; ++found) {
      SCOPED_TRACE(absl::StrCat(found, " are there", slash));
      const Folder folder;
      std::filesystem::create_directories(folder.made[found - 1]);
      DiskFaults disk(folder.top.path());
      ASSERT_TRUE(MakeDirectoriesDurably(folder.wanted + slash).ok());
      EXPECT_EQ(disk.sites(DiskFault::kSyncFailure), 1 + 3 - static_cast<int64_t>(found));
      std::filesystem::remove_all(folder.made[found - 1]);
      std::filesystem::create_directories(folder.made[found - 1]);
      disk.Fail(DiskFault::kSyncFailure, FaultDuration::kOnce, disk.sites(DiskFault::kSyncFailure));
      EXPECT_THAT(std::string(MakeDirectoriesDurably(folder.wanted + slash).message()),
                  HasSubstr("cannot sync directory " + folder.parents[found - 1] + ":"));
    }
  }
}

TEST(MakeDirectoriesDurably, ADiskThatMakesNoneIsAnError) {
  const Folder folder;
  DiskFaults disk(folder.top.path());
  disk.Fail(DiskFault::kNoSpace, FaultDuration::kOnce, 0);
  EXPECT_EQ(MakeDirectoriesDurably(folder.wanted).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_FALSE(std::filesystem::exists(folder.made[0]));
}

}  // namespace
}  // namespace ridgeline
