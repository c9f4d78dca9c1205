#include "core/base/status_macros.h"

#include <memory>

#include "core/base/cancellation.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

absl::Status ReturnIfError(const absl::Status& status, bool* went_on) {
  RIDGELINE_RETURN_IF_ERROR(status);
  *went_on = true;
  return absl::OkStatus();
}

absl::StatusOr<int> AddOne(absl::StatusOr<std::unique_ptr<int>> value) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::unique_ptr<int> number, std::move(value));
  int result = 0;
  RIDGELINE_ASSIGN_OR_RETURN(result, absl::StatusOr<int>(*number + 1));
  return result;
}

TEST(StatusMacros, ReturnIfErrorGoesOnWhenOk) {
  bool went_on = false;
  EXPECT_TRUE(ReturnIfError(absl::OkStatus(), &went_on).ok());
  EXPECT_TRUE(went_on);
}

TEST(StatusMacros, ReturnIfErrorReturnsTheError) {
  bool went_on = false;
  EXPECT_EQ(ReturnIfError(absl::NotFoundError("x"), &went_on), absl::NotFoundError("x"));
  EXPECT_FALSE(went_on);
}

TEST(StatusMacros, AssignOrReturnMovesTheValueOrReturnsTheError) {
  EXPECT_EQ(AddOne(std::make_unique<int>(4)).value(), 5);
  EXPECT_EQ(AddOne(absl::DataLossError("x")).status(), absl::DataLossError("x"));
}

TEST(CancellationToken, StaysCancelled) {
  CancellationToken token;
  EXPECT_FALSE(token.cancelled());
  token.Cancel();
  token.Cancel();
  EXPECT_TRUE(token.cancelled());
}

}  // namespace
}  // namespace ridgeline
