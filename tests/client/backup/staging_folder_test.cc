#include "client/backup/staging_folder.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;
using Target = StagingFolder::Target;

class StagingFolderTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<StagingFolder>> Create(Target allowed = Target::kAbsent) {
    return StagingFolder::Create(target_, allowed);
  }

  const TempDir directory_;
  const std::string target_ = directory_.File("target");
};

TEST_F(StagingFolderTest, HasItsNameOnlyOnceItIsPublished) {
  {
    const auto folder = Create().value();
    EXPECT_EQ(folder->path(), target_ + ".partial");
    fs::create_directories(folder->path() + "/a/b");
    EXPECT_FALSE(fs::exists(target_));
    ASSERT_TRUE(folder->Publish().ok());
  }
  EXPECT_TRUE(fs::exists(target_ + "/a/b"));
  EXPECT_FALSE(fs::exists(target_ + ".partial"));
}

TEST_F(StagingFolderTest, IsGoneWhenItWasNotPublished) {
  { const auto folder = Create().value(); }
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(StagingFolderTest, IsForItsOwnerAlone) {
  const auto folder = Create().value();
  struct stat info = {};
  ASSERT_EQ(stat(folder->path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(StagingFolderTest, BeginsWithoutWhatAKilledProcessLeft) {
  fs::create_directories(target_ + ".partial/left/over");
  const auto folder = Create().value();
  EXPECT_TRUE(fs::is_empty(folder->path()));
}

TEST_F(StagingFolderTest, OneProcessAtATimeFillsIt) {
  const auto folder = Create().value();
  directory_.Write("target.partial/file", "bytes");
  EXPECT_EQ(Create().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(fs::exists(folder->path() + "/file")) << "the first one is left alone";
}

TEST_F(StagingFolderTest, WhatIsThereStaysThere) {
  directory_.Write("target", "bytes");
  for (const Target allowed : {Target::kAbsent, Target::kAbsentOrEmpty}) {
    EXPECT_EQ(Create(allowed).status().code(), absl::StatusCode::kAlreadyExists);
  }
  fs::remove(target_);
  fs::create_directory(target_);
  EXPECT_EQ(Create(Target::kAbsent).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(Create(Target::kAbsentOrEmpty).ok());
  directory_.Write("target/file", "bytes");
  EXPECT_EQ(Create(Target::kAbsentOrEmpty).status().code(), absl::StatusCode::kAlreadyExists);
  fs::remove_all(target_);
  fs::create_directory_symlink(directory_.path(), target_);
  EXPECT_EQ(Create(Target::kAbsentOrEmpty).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(fs::exists(target_ + ".partial"));
}

TEST_F(StagingFolderTest, AnEmptyTargetIsReplacedAndOneThatCameMeanwhileIsNot) {
  fs::create_directory(target_);
  auto folder = Create(Target::kAbsentOrEmpty).value();
  directory_.Write("target.partial/file", "bytes");
  directory_.Write("target/somebody's", "bytes");
  EXPECT_EQ(folder->Publish().code(), absl::StatusCode::kAlreadyExists);
  fs::remove(target_ + "/somebody's");
  EXPECT_TRUE(folder->Publish().ok());
  EXPECT_TRUE(fs::exists(target_ + "/file"));
}

TEST_F(StagingFolderTest, ATargetMayEndWithASlash) {
  const auto folder = StagingFolder::Create(target_ + "//", Target::kAbsent).value();
  EXPECT_EQ(folder->path(), target_ + ".partial");
  EXPECT_TRUE(folder->Publish().ok());
  EXPECT_TRUE(fs::is_directory(target_));
}

TEST_F(StagingFolderTest, AFolderThatIsNotThereIsNamed) {
  const absl::Status status = StagingFolder::Create(target_ + "/below", Target::kAbsent).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find(target_), absl::string_view::npos);
}

}  // namespace
}  // namespace ridgeline
