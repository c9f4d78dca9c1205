#include "server/access/file_watch.h"

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

TEST(FileWatch, ReportsAChangeOnceItHasSettled) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "1")});
  EXPECT_FALSE(watch.Changed());
  dir.Write("a", "12");
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
}

TEST(FileWatch, ReportsAgainWhatCouldNotBeRead) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "1")});
  dir.Write("a", "12");
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
  watch.ReportAgain();
  EXPECT_TRUE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
}

TEST(FileWatch, WaitsWhileAFileIsBeingWritten) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "")});
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += 'x';
    dir.Write("a", text);
    EXPECT_FALSE(watch.Changed()) << i;
  }
  EXPECT_TRUE(watch.Changed());
}

TEST(FileWatch, SeesAReplacedFileOfTheSameSize) {
  const TempDir dir;
  FileWatch watch({dir.Write("a", "1"), dir.Write("b", "1")});
  std::filesystem::rename(dir.Write("new", "2"), dir.File("b"));
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
}

TEST(FileWatch, SeesFilesGoAndComeBack) {
  const TempDir dir;
  FileWatch watch({dir.File("a")});
  EXPECT_FALSE(watch.Changed());
  dir.Write("a", "1");
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
  std::filesystem::remove(dir.File("a"));
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
}

}  // namespace
}  // namespace ridgeline
