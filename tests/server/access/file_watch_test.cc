#include "server/access/file_watch.h"

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

// Whether there is a change to take up, which it then is.
bool Changed(FileWatch& watch) {
  return watch.TakeUp([] { return absl::OkStatus(); }).value();
}

TEST(FileWatch, ReportsAChangeOnceItHasSettled) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "1")});
  EXPECT_FALSE(Changed(watch));
  dir.Write("a", "12");
  EXPECT_FALSE(Changed(watch));
  EXPECT_TRUE(Changed(watch));
  EXPECT_FALSE(Changed(watch));
}

TEST(FileWatch, OffersAgainWhatCouldNotBeRead) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "1")});
  dir.Write("a", "12");
  EXPECT_FALSE(Changed(watch));
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(absl::IsDataLoss(watch.TakeUp([] { return absl::DataLossError("half"); }).status()));
  }
  EXPECT_TRUE(Changed(watch));
  EXPECT_FALSE(Changed(watch));
}

TEST(FileWatch, TellsWhenAFileThatCouldNotBeReadIsBackAsItWas) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "1")});
  for (int i = 0; i < 2; ++i) {
    std::filesystem::rename(dir.File("a"), dir.File("good"));
    dir.Write("a", "12");
    EXPECT_FALSE(Changed(watch));
    EXPECT_TRUE(absl::IsDataLoss(watch.TakeUp([] { return absl::DataLossError("half"); }).status()));
    std::filesystem::rename(dir.File("good"), dir.File("a"));
    EXPECT_FALSE(Changed(watch)) << "has not settled";
    EXPECT_TRUE(Changed(watch));
    EXPECT_FALSE(Changed(watch));
  }
}

TEST(FileWatch, WaitsWhileAFileIsBeingWritten) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "")});
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += 'x';
    dir.Write("a", text);
    EXPECT_FALSE(Changed(watch)) << i;
  }
  EXPECT_TRUE(Changed(watch));
}

TEST(FileWatch, SeesAReplacedFileOfTheSameSize) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "1"), dir.Write("b", "1")});
  std::filesystem::rename(dir.Write("new", "2"), dir.File("b"));
  EXPECT_FALSE(Changed(watch));
  EXPECT_TRUE(Changed(watch));
}

TEST(FileWatch, SeesFilesGoAndComeBack) {
  const TempDir dir;
  FileWatch watch({dir.File("a")});
  EXPECT_FALSE(Changed(watch));
  dir.Write("a", "1");
  EXPECT_FALSE(Changed(watch));
  EXPECT_TRUE(Changed(watch));
  std::filesystem::remove(dir.File("a"));
  EXPECT_FALSE(Changed(watch));
  EXPECT_TRUE(Changed(watch));
}

}  // namespace
}  // namespace ridgeline
