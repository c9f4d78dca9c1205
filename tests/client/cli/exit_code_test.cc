#include "client/cli/exit_code.h"

#include "client/status_conversion.h"
#include "gtest/gtest.h"
#include "tests/client/grpc_error.h"

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

TEST(ExitCode, AServerThatAnswersUnavailableIsNotUnreachable) {
  const absl::Status full =
      FromGrpcStatus(ErrorOfServer(grpc::StatusCode::UNAVAILABLE, "the disk has no room"));
  EXPECT_FALSE(IsUnreachable(full));
  EXPECT_EQ(ExitCodeFor(full), ExitCode::kCallFailed);
  EXPECT_TRUE(IsUnreachable(absl::UnavailableError("the disk has no room")));
  EXPECT_FALSE(IsUnreachable(absl::OkStatus()));
}

TEST(UsageError, KeepsItsMessage) {
  EXPECT_EQ(UsageError("--boost: wrong").message(), "--boost: wrong");
}

}  // namespace
}  // namespace ridgeline
