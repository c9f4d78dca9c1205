#include "core/als/row_system.h"

#include <cmath>
#include <string>

#include "core/als/confidence.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Confidence, GrowsInProportionOrAsALogarithm) {
  Hyperparameters hyperparameters;
  hyperparameters.confidence_scale = 3.0;
  EXPECT_DOUBLE_EQ(Confidence(hyperparameters, 0.5), 1.5);
  hyperparameters.confidence_scaling = ConfidenceScaling::kLog;
  hyperparameters.confidence_epsilon = 0.25;
  EXPECT_DOUBLE_EQ(Confidence(hyperparameters, 0.5), 3.0 * std::log(3.0));
}

TEST(ValidateSolverFits, NamesTheOptionThatOnlyTheExactSolverKnows) {
  EXPECT_TRUE(ValidateSolverFits(Solver::kSubspace, {}).ok());
  EXPECT_TRUE(ValidateSolverFits(Solver::kAuto, {.non_negative = true}).ok());
  const absl::Status status = ValidateSolverFits(Solver::kSubspace, {.non_negative = true});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("non_negative"));
}

TEST(RowRegularization, IsScaledByFrequencyOnlyWhereAskedFor) {
  Hyperparameters hyperparameters;
  hyperparameters.unobserved_weight = 0.5;
  hyperparameters.frequency_exponent = 2.0;
  hyperparameters.regularization_scaling = RegularizationScaling::kNone;
  EXPECT_EQ(RowRegularization(hyperparameters, 0.25, 3, 10), 0.25);
  hyperparameters.regularization_scaling = RegularizationScaling::kFrequency;
  EXPECT_DOUBLE_EQ(RowRegularization(hyperparameters, 0.25, 3, 10), 0.25 * 64.0);
  hyperparameters.feedback = Feedback::kExplicit;
  EXPECT_DOUBLE_EQ(RowRegularization(hyperparameters, 0.25, 3, 10), 0.25 * 9.0);
}

}  // namespace
}  // namespace ridgeline
