#include "server/convert_model.h"

#include <limits>
#include <map>
#include <string>

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

Hyperparameters WithOptions() {
  Hyperparameters given;
  given.bias_regularization = 0.25;
  given.confidence_scaling = ConfidenceScaling::kLog;
  given.confidence_epsilon = 0.5;
  given.implicit_biases = true;
  given.event_weight = {{{"buy", 5.0}}, 30.0, 1'700'000'000'123'456};
  given.non_negative = true;
  return given;
}

TEST(ConvertModel, WhatEventsWeighGoesBothWays) {
  const v1::Hyperparameters message = ToProto(WithOptions());
  EXPECT_EQ(message.bias_regularization(), 0.25);
  EXPECT_EQ(message.decay_reference_time().seconds(), 1'700'000'000);
  const auto result = Override({}, message);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->bias_regularization, 0.25);
  EXPECT_EQ(result->confidence_scaling, ConfidenceScaling::kLog);
  EXPECT_EQ(result->confidence_epsilon, 0.5);
  EXPECT_TRUE(result->implicit_biases);
  EXPECT_EQ(result->event_weight.type_factors, (std::map<std::string, double>{{"buy", 5.0}}));
  EXPECT_EQ(result->event_weight.half_life_days, 30.0);
  EXPECT_EQ(result->event_weight.reference_time, 0) << "the data say from when ages are measured";
  EXPECT_TRUE(result->non_negative);
}

TEST(ConvertModel, EventTypeWeightsAreKeptReplacedOrCleared) {
  v1::Hyperparameters overrides;
  EXPECT_EQ(Override(WithOptions(), overrides)->event_weight.type_factors.size(), 1u);
  overrides.mutable_event_type_weights();
  EXPECT_TRUE(Override(WithOptions(), overrides)->event_weight.type_factors.empty());
  (*overrides.mutable_event_type_weights()->mutable_weights())["view"] = -1.0;
  EXPECT_EQ(Override(WithOptions(), overrides).status().message().substr(0, 35),
            "hyperparameters.event_type_weights:");
}

TEST(ConvertModel, OptionsOfImplicitFeedbackAreRefusedForExplicitByName) {
  v1::Hyperparameters overrides;
  overrides.set_feedback_kind(v1::FEEDBACK_KIND_EXPLICIT);
  Hyperparameters configured;
  configured.event_weight.half_life_days = 30.0;
  EXPECT_EQ(Override(configured, overrides).status().message().substr(0, 31),
            "hyperparameters.half_life_days:");
  overrides.set_half_life_days(0.0);
  EXPECT_TRUE(Override(configured, overrides).ok());
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

TEST(ConvertModel, CountsPlacedItemsBesideAll) {
  ModelInfo info;
  info.items = 12;
  info.placed_items = 5;
  EXPECT_EQ(ToProto(info, "").item_count(), 12);
  EXPECT_EQ(ToProto(info, "").placed_item_count(), 5);
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
