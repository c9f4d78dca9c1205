#include "server/convert_model.h"

#include <limits>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ConvertModel, ShowsTheFieldsThatTheFeedbackUses) {
  Hyperparameters hyperparameters;
  hyperparameters.feedback = Feedback::kImplicit;
  const v1::Hyperparameters implicit = ToProto(hyperparameters);
  EXPECT_TRUE(implicit.has_unobserved_weight());
  EXPECT_FALSE(implicit.has_bias_regularization());
  hyperparameters.feedback = Feedback::kExplicit;
  const v1::Hyperparameters explicit_kind = ToProto(hyperparameters);
  EXPECT_FALSE(explicit_kind.has_unobserved_weight());
  EXPECT_TRUE(explicit_kind.has_bias_regularization());
}

TEST(ConvertModel, OverridingByItsOwnAnswerChangesNothing) {
  for (const Feedback feedback : {Feedback::kExplicit, Feedback::kImplicit}) {
    Hyperparameters given;
    given.feedback = feedback;
    given.factors = 17;
    given.regularization = 0.3;
    given.regularization_scaling = RegularizationScaling::kNone;
    given.confidence_form = ConfidenceForm::kHu;
    const auto result = Override(given, ToProto(given));
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(ToProto(*result).SerializeAsString(), ToProto(given).SerializeAsString());
  }
}

TEST(ConvertModel, UnsetFieldsKeepTheConfigured) {
  Hyperparameters configured;
  configured.factors = 33;
  v1::Hyperparameters overrides;
  overrides.set_regularization(7.0);
  const auto result = Override(configured, overrides);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->factors, 33);
  EXPECT_EQ(result->regularization, 7.0);
}

TEST(ConvertModel, NamesTheWrongHyperparameter) {
  v1::Hyperparameters overrides;
  overrides.set_regularization(0.0);
  EXPECT_EQ(Override({}, overrides).status().message().substr(0, 31), "hyperparameters.regularization:");
  overrides.set_regularization(std::numeric_limits<double>::quiet_NaN());
  EXPECT_TRUE(absl::IsInvalidArgument(Override({}, overrides).status()));
  overrides.set_regularization(1.0);
  overrides.set_factors(0);
  EXPECT_EQ(Override({}, overrides).status().message().substr(0, 24), "hyperparameters.factors:");
  overrides.set_factors(8);
  overrides.set_feedback_kind(static_cast<v1::FeedbackKind>(99));
  EXPECT_EQ(Override({}, overrides).status().message().substr(0, 30), "hyperparameters.feedback_kind:");
}

TEST(ConvertModel, OnlyTheLiveVersionIsLive) {
  ModelInfo info;
  info.version = "v000002";
  info.metrics["rmse"] = 0.9;
  EXPECT_TRUE(ToProto(info, "v000002").live());
  EXPECT_FALSE(ToProto(info, "v000003").live());
  EXPECT_FALSE(ToProto(info, "").live());
  EXPECT_EQ(ToProto(info, "").metrics().at("rmse"), 0.9);
}

}  // namespace
}  // namespace ridgeline
