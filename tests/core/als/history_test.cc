#include "core/als/history.h"

#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    hyperparameters_.feedback = Feedback::kImplicit;
    other_.biases.resize(10);
  }

  absl::StatusOr<History> Check(const History& history) const {
    return ValidateAndSort(history, {.hyperparameters = &hyperparameters_, .other = &other_});
  }

  void ExpectRefused(const History& history, const std::string& problem) const {
    const absl::Status status = Check(history).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), AllOf(StartsWith("history:"), HasSubstr(problem)));
  }

  Hyperparameters hyperparameters_;
  FactorMatrix other_;
};

TEST_F(HistoryTest, IsSortedByRow) {
  const History sorted = Check({{7, 0, 3}, {1.0f, 2.0f, 3.0f}}).value();
  EXPECT_THAT(sorted.rows, ElementsAre(0, 3, 7));
  EXPECT_THAT(sorted.values, ElementsAre(2.0f, 3.0f, 1.0f));
  EXPECT_EQ(Check({}).value().size(), 0u);
}

TEST_F(HistoryTest, ThatMakesNoSenseIsRefused) {
  ExpectRefused({{1, 2}, {1.0f}}, "2 rows and 1 values");
  ExpectRefused({{10}, {1.0f}}, "out of range");
  ExpectRefused({{5, 3, 5}, {1.0f, 1.0f, 1.0f}}, "row 5 is repeated");
  ExpectRefused({{1}, {0.0f}}, "finite and positive");
  ExpectRefused({{1}, {-2.0f}}, "finite and positive");
  ExpectRefused({{1}, {std::numeric_limits<float>::quiet_NaN()}}, "finite");
  ExpectRefused({{1}, {std::numeric_limits<float>::infinity()}}, "finite");
}

TEST_F(HistoryTest, OfRatingsMayHaveAnyFiniteValue) {
  hyperparameters_.feedback = Feedback::kExplicit;
  EXPECT_TRUE(Check({{1, 2}, {-3.0f, 0.0f}}).ok());
  ExpectRefused({{1}, {std::numeric_limits<float>::quiet_NaN()}}, "must be finite, got");
}

}  // namespace
}  // namespace ridgeline
