#include "core/model/hyperparameters.h"

#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void ExpectRefused(const Hyperparameters& hyperparameters, const std::string& field) {
  const absl::Status status = ValidateHyperparameters(hyperparameters);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith(field + ":"));
}

TEST(Hyperparameters, DefaultsAreValid) {
  Hyperparameters hyperparameters;
  EXPECT_TRUE(ValidateHyperparameters(hyperparameters).ok());
  hyperparameters.feedback = Feedback::kExplicit;
  EXPECT_TRUE(ValidateHyperparameters(hyperparameters).ok());
  for (Feedback feedback : {Feedback::kExplicit, Feedback::kImplicit}) {
    EXPECT_TRUE(ValidateHyperparameters(DefaultHyperparameters(feedback)).ok());
    EXPECT_EQ(DefaultHyperparameters(feedback).feedback, feedback);
  }
}

TEST(Hyperparameters, NegativeOrHugeFactorsAreRefused) {
  ExpectRefused({.factors = -1}, "factors");
  ExpectRefused({.factors = 4097}, "factors");
  ExpectRefused({.factors = 1'000'000}, "factors");
  EXPECT_TRUE(ValidateHyperparameters({.factors = 0}).ok());
  EXPECT_TRUE(ValidateHyperparameters({.factors = 4096}).ok());
}

TEST(Hyperparameters, RegularizationMustBePositiveAndFinite) {
  for (double bad : {0.0, -1.0, kNan, kInfinity, -kInfinity})
    ExpectRefused({.regularization = bad}, "regularization");
}

TEST(Hyperparameters, BiasRegularizationMattersToExplicitModelsOnly) {
  ExpectRefused({.feedback = Feedback::kExplicit, .bias_regularization = 0.0}, "bias_regularization");
  EXPECT_TRUE(ValidateHyperparameters({.bias_regularization = 0.0}).ok());
  ExpectRefused({.bias_regularization = kNan}, "bias_regularization");
}

TEST(Hyperparameters, WeightsMatterToImplicitModelsOnly) {
  ExpectRefused({.unobserved_weight = 0.0}, "unobserved_weight");
  ExpectRefused({.confidence_scale = -1.0}, "confidence_scale");
  EXPECT_TRUE(ValidateHyperparameters({.feedback = Feedback::kExplicit, .unobserved_weight = 0.0}).ok());
  ExpectRefused({.feedback = Feedback::kExplicit, .unobserved_weight = kInfinity}, "unobserved_weight");
  ExpectRefused({.confidence_scale = kNan}, "confidence_scale");
}

TEST(Hyperparameters, FrequencyExponentHasARange) {
  for (double bad : {-0.1, 2.1, kNan}) ExpectRefused({.frequency_exponent = bad}, "frequency_exponent");
  for (double good : {0.0, 2.0}) EXPECT_TRUE(ValidateHyperparameters({.frequency_exponent = good}).ok());
}

TEST(Hyperparameters, OptionsOfImplicitModelsAreRefusedByNameInExplicitOnes) {
  const auto refused = [](const char* field, auto set) {
    Hyperparameters hyperparameters;
    set(hyperparameters);
    EXPECT_TRUE(ValidateHyperparameters(hyperparameters).ok()) << field;
    hyperparameters.feedback = Feedback::kExplicit;
    ExpectRefused(hyperparameters, field);
  };
  refused("confidence_scaling", [](auto& h) { h.confidence_scaling = ConfidenceScaling::kLog; });
  refused("implicit_biases", [](auto& h) { h.implicit_biases = true; });
  refused("event_type_weights", [](auto& h) { h.event_weight.type_factors["click"] = 2.0; });
  refused("half_life_days", [](auto& h) { h.event_weight.half_life_days = 30.0; });
  EXPECT_TRUE(ValidateHyperparameters({.feedback = Feedback::kExplicit, .non_negative = true}).ok());
}

TEST(Hyperparameters, OptionsOfImplicitModelsHaveRanges) {
  ExpectRefused({.confidence_scaling = ConfidenceScaling::kLog, .confidence_epsilon = 0.0},
                "confidence_epsilon");
  ExpectRefused({.confidence_epsilon = kNan}, "confidence_epsilon");
  ExpectRefused({.bias_regularization = 0.0, .implicit_biases = true}, "bias_regularization");
  for (double bad : {-1.0, kNan, kInfinity}) {
    ExpectRefused({.event_weight = {.half_life_days = bad}}, "half_life_days");
    ExpectRefused({.event_weight = {.type_factors = {{"click", bad}}}}, "event_type_weights");
  }
}

TEST(Hyperparameters, ExplicitModelsAndThoseWithImplicitBiasesHaveBiases) {
  EXPECT_TRUE(HasBiases({.feedback = Feedback::kExplicit}));
  EXPECT_TRUE(HasBiases({.implicit_biases = true}));
  EXPECT_FALSE(HasBiases({}));
}

TEST(Hyperparameters, NamesParseBackToTheirValues) {
  for (Feedback value : {Feedback::kExplicit, Feedback::kImplicit}) {
    EXPECT_EQ(ParseFeedback(FeedbackName(value)).value(), value);
  }
  for (auto value : {RegularizationScaling::kNone, RegularizationScaling::kFrequency}) {
    EXPECT_EQ(ParseRegularizationScaling(RegularizationScalingName(value)).value(), value);
  }
  for (ConfidenceForm value : {ConfidenceForm::kIals, ConfidenceForm::kHu}) {
    EXPECT_EQ(ParseConfidenceForm(ConfidenceFormName(value)).value(), value);
  }
  for (ConfidenceScaling value : {ConfidenceScaling::kLinear, ConfidenceScaling::kLog}) {
    EXPECT_EQ(ParseConfidenceScaling(ConfidenceScalingName(value)).value(), value);
  }
}

TEST(Hyperparameters, UnknownNamesAreRefusedByField) {
  EXPECT_THAT(std::string(ParseFeedback("both").status().message()), StartsWith("feedback:"));
  EXPECT_THAT(std::string(ParseRegularizationScaling("").status().message()),
              StartsWith("regularization_scaling:"));
  EXPECT_THAT(std::string(ParseConfidenceForm("HU").status().message()), StartsWith("confidence_form:"));
  EXPECT_THAT(std::string(ParseConfidenceScaling("ln").status().message()),
              StartsWith("confidence_scaling:"));
}

}  // namespace
}  // namespace ridgeline
