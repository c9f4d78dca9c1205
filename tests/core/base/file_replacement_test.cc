#include "core/base/file_replacement.h"

#include <filesystem>
#include <iterator>

#include "core/base/file.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

auto FilesIn(const TempDir& directory) {
  return std::distance(std::filesystem::directory_iterator(directory.path()), {});
}

TEST(FileReplacement, TakesItsPlaceOnlyWhenFinished) {
  const TempDir directory;
  const std::string path = directory.Write("f", "old");
  const auto file = FileReplacement::Create(path).value();
  ASSERT_TRUE(file->Append("new ").ok());
  ASSERT_TRUE(file->Append("content").ok());
  EXPECT_EQ(ReadFile(path).value(), "old");
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_EQ(ReadFile(path).value(), "new content");
  EXPECT_EQ(FilesIn(directory), 1);
}

TEST(FileReplacement, GivenUpItLeavesWhatWasThereAndNothingElse) {
  const TempDir directory;
  const std::string path = directory.Write("f", "old");
  EXPECT_TRUE(FileReplacement::Create(path).value()->Append("new").ok());
  EXPECT_EQ(ReadFile(path).value(), "old");
  EXPECT_EQ(FilesIn(directory), 1);
}

TEST(FileReplacement, SaysWhichFileCannotBeMade) {
  const TempDir directory;
  const absl::Status absent = FileReplacement::Create(directory.File("none/f")).status();
  EXPECT_EQ(absent.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(absent.message().find("none/f"), absl::string_view::npos);
  EXPECT_EQ(FileReplacement::Create(directory.path()).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FileReplacement::Create("/dev/null").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace ridgeline
