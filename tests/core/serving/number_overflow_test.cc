#include "core/serving/number_overflow.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(AboutNumbers, ARequestsOwnNumbersAreABadArgument) {
  const absl::Status overflow = absl::InternalError("no finite solution");
  const absl::Status of_history = AboutNumbers(HistorySubject(), overflow);
  EXPECT_TRUE(absl::IsInvalidArgument(of_history));
  EXPECT_THAT(std::string(of_history.message()), StartsWith("history: "));
  EXPECT_THAT(std::string(AboutNumbers(VectorSubject(), overflow).message()), StartsWith("vector: "));
}

TEST(AboutNumbers, RecordedNumbersAreAStateToBeChanged) {
  const absl::Status status = AboutNumbers(UserSubject{"ann"}, absl::InternalError("no finite solution"));
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("ann"));
}

TEST(AboutNumbers, OtherErrorsStayAsTheyAre) {
  EXPECT_TRUE(AboutNumbers(UserSubject{"ann"}, absl::OkStatus()).ok());
  EXPECT_EQ(AboutNumbers(UserSubject{"ann"}, absl::UnavailableError("disk")), absl::UnavailableError("disk"));
}

}  // namespace
}  // namespace ridgeline
