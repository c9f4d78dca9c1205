#include "core/base/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/base/file.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

TEST(Descriptor, ClosesItsFile) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  { const Descriptor both[] = {Descriptor(ends[0]), Descriptor(ends[1])}; }
  EXPECT_EQ(fcntl(ends[0], F_GETFD), -1);
  EXPECT_EQ(fcntl(ends[1], F_GETFD), -1);
}

TEST(Descriptor, ANegativeNumberIsNone) {
  EXPECT_FALSE(Descriptor(-1).ok());
}

TEST(ErrorCodeStatus, SaysTheSameAsErrno) {
  errno = ENOSPC;
  const absl::Status by_errno = ErrnoStatus("cannot make", "f");
  EXPECT_EQ(ErrorCodeStatus(std::make_error_code(std::errc::no_space_on_device), "cannot make", "f"),
            by_errno);
  EXPECT_EQ(by_errno.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_NE(by_errno.message().find("cannot make f"), absl::string_view::npos);
  EXPECT_TRUE(ErrorCodeStatus(std::error_code(), "cannot make", "f").ok());
}

TEST(WriteAll, WritesEveryByte) {
  const TempDir directory;
  const std::string path = directory.File("f");
  const std::string bytes(1 << 20, 'x');
  {
    const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT, 0644));
    ASSERT_TRUE(WriteAll(file, bytes, path).ok());
  }
  EXPECT_EQ(ReadFile(path).value(), bytes);
}

TEST(WriteAll, NamesTheFileThatIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "/dev/full is not there";
  const Descriptor file(open("/dev/full", O_WRONLY));
  const absl::Status status = WriteAll(file, "x", "/dev/full");
  EXPECT_NE(status.message().find("cannot write /dev/full"), absl::string_view::npos) << status;
}

}  // namespace
}  // namespace ridgeline
