#include "core/lab/training_flags.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

TrainingFlags Flags(const std::string& feedback = "explicit") {
  TrainingFlags flags;
  flags.feedback = feedback;
  return flags;
}

void ExpectRefused(const TrainingFlags& flags, const std::string& field) {
  const auto options = ResolveTrainingFlags(flags);
  ASSERT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument) << field;
  EXPECT_THAT(std::string(options.status().message()), StartsWith(field + ":"));
}

TEST(TrainingFlags, WhatIsLeftOutGetsTheDefaultsOfTheFeedback) {
  const auto explicit_options = ResolveTrainingFlags(Flags()).value();
  EXPECT_EQ(explicit_options.als.hyperparameters.regularization,
            DefaultHyperparameters(Feedback::kExplicit).regularization);
  const auto implicit_options = ResolveTrainingFlags(Flags("implicit")).value();
  EXPECT_EQ(implicit_options.als.hyperparameters.regularization,
            DefaultHyperparameters(Feedback::kImplicit).regularization);
}

TEST(TrainingFlags, EveryFlagReachesItsOption) {
  TrainingFlags flags = Flags("implicit");
  flags.hyperparameters.factors = 7;
  flags.hyperparameters.regularization = 0.5;
  flags.hyperparameters.bias_regularization = 0.25;
  flags.hyperparameters.regularization_scaling = "none";
  flags.hyperparameters.frequency_exponent = 0.75;
  flags.hyperparameters.unobserved_weight = 0.125;
  flags.hyperparameters.confidence_scale = 3.0;
  flags.hyperparameters.confidence_form = "hu";
  flags.iterations = 9;
  flags.tolerance = 1e-4;
  flags.threads = 2;
  flags.seed = 77;
  const TrainingOptions options = ResolveTrainingFlags(flags).value();
  const Hyperparameters& h = options.als.hyperparameters;
  EXPECT_EQ(h.feedback, Feedback::kImplicit);
  EXPECT_EQ(h.factors, 7);
  EXPECT_EQ(h.regularization, 0.5);
  EXPECT_EQ(h.bias_regularization, 0.25);
  EXPECT_EQ(h.regularization_scaling, RegularizationScaling::kNone);
  EXPECT_EQ(h.frequency_exponent, 0.75);
  EXPECT_EQ(h.unobserved_weight, 0.125);
  EXPECT_EQ(h.confidence_scale, 3.0);
  EXPECT_EQ(h.confidence_form, ConfidenceForm::kHu);
  EXPECT_EQ(options.als.iterations, 9);
  EXPECT_EQ(options.als.tolerance, 1e-4);
  EXPECT_EQ(options.als.seed, 77u);
  EXPECT_EQ(options.threads, 2);
  EXPECT_EQ(options.bias_only_regularization, 0.25);
}

TEST(TrainingFlags, WhatEventsWeighIsReadFromTheCommandLine) {
  TrainingFlags flags;
  CLI::App app;
  AddTrainingFlags(app, &flags);
  app.parse(
      "--feedback implicit --confidence-scaling log --confidence-epsilon 0.5 --implicit-biases "
      "--event-type-weights click=1,buy=5 --half-life-days 30 --non-negative");
  const Hyperparameters h = ResolveTrainingFlags(flags).value().als.hyperparameters;
  EXPECT_EQ(h.confidence_scaling, ConfidenceScaling::kLog);
  EXPECT_EQ(h.confidence_epsilon, 0.5);
  EXPECT_TRUE(h.implicit_biases);
  EXPECT_EQ(h.event_weight.type_factors, (std::map<std::string, double>{{"buy", 5.0}, {"click", 1.0}}));
  EXPECT_EQ(h.event_weight.half_life_days, 30.0);
  EXPECT_TRUE(h.non_negative);
  flags.solver = "cg";
  ExpectRefused(flags, "solver");
}

TEST(TrainingFlags, BadValuesAreRefusedByName) {
  ExpectRefused(Flags("both"), "feedback");
  TrainingFlags flags = Flags();
  flags.algorithm = "word2vec";
  ExpectRefused(flags, "algorithm");
  flags = Flags();
  for (int factors : {0, -1, 1'000'000}) {
    flags.hyperparameters.factors = factors;
    ExpectRefused(flags, "factors");
  }
  flags = Flags();
  for (double regularization : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    flags.hyperparameters.regularization = regularization;
    ExpectRefused(flags, "regularization");
  }
  flags = Flags();
  flags.hyperparameters.regularization_scaling = "sometimes";
  ExpectRefused(flags, "regularization_scaling");
  flags = Flags();
  flags.hyperparameters.confidence_form = "x";
  ExpectRefused(flags, "confidence_form");
  flags = Flags();
  flags.iterations = 0;
  ExpectRefused(flags, "iterations");
  flags = Flags();
  flags.tolerance = -1.0;
  ExpectRefused(flags, "tolerance");
  flags = Flags();
  flags.threads = -1;
  ExpectRefused(flags, "threads");
}

TEST(TrainingFlags, AnAlgorithmOfTheOtherFeedbackIsRefused) {
  for (const char* algorithm : {"bias", "sgd"}) {
    TrainingFlags flags = Flags("implicit");
    flags.algorithm = algorithm;
    ExpectRefused(flags, "algorithm");
  }
  TrainingFlags flags = Flags("explicit");
  flags.algorithm = "bpr";
  ExpectRefused(flags, "algorithm");
}

TEST(TrainingFlags, FactorsDoNotMatterToPopularity) {
  TrainingFlags flags = Flags("implicit");
  flags.algorithm = "popularity";
  flags.hyperparameters.factors = 0;
  EXPECT_TRUE(ResolveTrainingFlags(flags).ok());
}

}  // namespace
}  // namespace ridgeline
