#include "core/base/file_lock.h"

#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

TEST(FileLock, IsHeldByOneUntilItGoes) {
  const TempDir directory;
  auto first = FileLock::Acquire(directory.File("LOCK"));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(FileLock::Acquire(directory.File("LOCK")).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(FileLock::Acquire(directory.File("OTHER")).ok());
  first->reset();
  EXPECT_TRUE(FileLock::Acquire(directory.File("LOCK")).ok());
}

TEST(FileLock, TellsTheDisksError) {
  const TempDir directory;
  EXPECT_EQ(FileLock::Acquire(directory.File("absent/LOCK")).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace ridgeline
