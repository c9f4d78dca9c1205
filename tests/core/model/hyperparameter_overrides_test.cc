#include "core/model/hyperparameter_overrides.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::StartsWith;

TEST(HyperparameterOverrides, WhatIsLeftOutFollowsTheFeedback) {
  for (const Feedback feedback : {Feedback::kExplicit, Feedback::kImplicit}) {
    const auto resolved = ResolveHyperparameters(feedback, {});
    ASSERT_TRUE(resolved.ok()) << resolved.status();
    EXPECT_EQ(resolved->feedback, feedback);
    EXPECT_EQ(resolved->regularization, DefaultHyperparameters(feedback).regularization);
    EXPECT_EQ(resolved->factors, DefaultHyperparameters(feedback).factors);
  }
}

TEST(HyperparameterOverrides, EachGivenFieldIsTaken) {
  const auto resolved = ResolveHyperparameters(
      Feedback::kImplicit,
      {7, 0.5, 0.25, "none", 0.75, 0.125, 2.0, "hu", "log", 0.5, true, "click=0.5,buy=5", 30.0, true});
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  EXPECT_EQ(resolved->factors, 7);
  EXPECT_EQ(resolved->regularization, 0.5);
  EXPECT_EQ(resolved->bias_regularization, 0.25);
  EXPECT_EQ(resolved->regularization_scaling, RegularizationScaling::kNone);
  EXPECT_EQ(resolved->frequency_exponent, 0.75);
  EXPECT_EQ(resolved->unobserved_weight, 0.125);
  EXPECT_EQ(resolved->confidence_scale, 2.0);
  EXPECT_EQ(resolved->confidence_form, ConfidenceForm::kHu);
  EXPECT_EQ(resolved->confidence_scaling, ConfidenceScaling::kLog);
  EXPECT_EQ(resolved->confidence_epsilon, 0.5);
  EXPECT_TRUE(resolved->implicit_biases);
  EXPECT_EQ(resolved->event_weight.type_factors,
            (std::map<std::string, double>{{"buy", 5.0}, {"click", 0.5}}));
  EXPECT_EQ(resolved->event_weight.half_life_days, 30.0);
  EXPECT_TRUE(resolved->non_negative);
}

TEST(HyperparameterOverrides, ABadFieldIsNamed) {
  HyperparameterOverrides overrides;
  overrides.regularization = 0.0;
  auto resolved = ResolveHyperparameters(Feedback::kImplicit, overrides);
  EXPECT_EQ(resolved.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(resolved.status().message()), StartsWith("regularization: "));
  overrides = {};
  overrides.confidence_form = "other";
  resolved = ResolveHyperparameters(Feedback::kImplicit, overrides);
  EXPECT_THAT(std::string(resolved.status().message()), StartsWith("confidence_form"));
  overrides = {};
  overrides.event_type_weights = "click";
  resolved = ResolveHyperparameters(Feedback::kImplicit, overrides);
  EXPECT_THAT(std::string(resolved.status().message()), StartsWith("event_type_weights"));
}

}  // namespace
}  // namespace ridgeline
