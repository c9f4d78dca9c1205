#include "client/cli/exit_code.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ExitCode, TellsUsageFromARefusalOfTheServer) {
  EXPECT_EQ(ExitCodeFor(UsageError("--boost: wrong")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeFor(absl::InvalidArgumentError("k: must be at least 1")), ExitCode::kCallFailed);
}

TEST(ExitCode, TellsAnUnreachableServerFromAFailedCall) {
  EXPECT_EQ(ExitCodeFor(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeFor(absl::UnavailableError("down")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeFor(absl::DeadlineExceededError("slow")), ExitCode::kCallFailed);
  EXPECT_EQ(ExitCodeFor(absl::NotFoundError("no such item")), ExitCode::kCallFailed);
}

TEST(UsageError, KeepsItsMessage) {
  EXPECT_EQ(UsageError("--boost: wrong").message(), "--boost: wrong");
}

}  // namespace
}  // namespace ridgeline
