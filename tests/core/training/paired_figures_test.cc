#include "core/training/paired_figures.h"

#include <cmath>

#include "core/base/random.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

// Ranking figures of `users` users around `other`, of which the model has `model` / `other` of each.
PairedFigures Rankings(int users, double model, double other) {
  PairedFigures figures;
  Random random(7);
  for (int user = 0; user < users; ++user) {
    figures.other.push_back(other * (0.5 + random.Uniform()));
    figures.model.push_back(figures.other.back() * model / other);
  }
  return figures;
}

// Squared errors of one rating a user, all alike.
PairedFigures Errors(int users, double model_error, double other_error) {
  PairedFigures figures;
  figures.are_errors = true;
  figures.ratings = users;
  figures.model.assign(static_cast<size_t>(users), model_error * model_error);
  figures.other.assign(static_cast<size_t>(users), other_error * other_error);
  return figures;
}

TEST(PairedFigures, AreReportedAsMeanAndAsRootOfTheMeanSquare) {
  PairedFigures rankings;
  rankings.model = {0.0, 0.5, 1.0};
  rankings.other = {0.0, 0.0, 0.3};
  EXPECT_DOUBLE_EQ(ModelFigure(rankings), 0.5);
  EXPECT_DOUBLE_EQ(OtherFigure(rankings), 0.1);
  PairedFigures errors;
  errors.are_errors = true;
  errors.ratings = 4;  // of two users
  errors.model = {12.0, 4.0};
  errors.other = {1.0, 0.0};
  EXPECT_DOUBLE_EQ(ModelFigure(errors), 2.0);
  EXPECT_DOUBLE_EQ(OtherFigure(errors), 0.5);
  EXPECT_EQ(ModelFigure(PairedFigures()), 0.0);
}

TEST(IsSurelyWorse, BeginsBeyondTheTolerance) {
  EXPECT_FALSE(IsSurelyWorse(Rankings(100, 0.191, 0.2), 0.05));
  EXPECT_TRUE(IsSurelyWorse(Rankings(100, 0.189, 0.2), 0.05));
  EXPECT_FALSE(IsSurelyWorse(Rankings(100, 0.2, 0.2), 0.0));
  EXPECT_TRUE(IsSurelyWorse(Rankings(100, 0.1999, 0.2), 0.0));
  EXPECT_FALSE(IsSurelyWorse(Rankings(100, 0.0, 0.2), 1.0));
  EXPECT_FALSE(IsSurelyWorse(Errors(100, 1.04, 1.0), 0.05));
  EXPECT_FALSE(IsSurelyWorse(Errors(100, 1.0, 1.0), 0.0));
  EXPECT_TRUE(IsSurelyWorse(Errors(100, 1.06, 1.0), 0.05));
}

TEST(IsSurelyWorse, NeverIsWhatIsBetter) {
  EXPECT_FALSE(IsSurelyWorse(Rankings(100, 0.3, 0.2), 0.0));
  EXPECT_FALSE(IsSurelyWorse(Errors(100, 0.9, 1.0), 0.0));
}

TEST(IsSurelyWorse, IsNotWhatOnlyAFewUsersSay) {
  EXPECT_FALSE(IsSurelyWorse(Rankings(static_cast<int>(kFewestPairedUsers) - 1, 0.01, 0.2), 0.05));
  EXPECT_TRUE(IsSurelyWorse(Rankings(static_cast<int>(kFewestPairedUsers), 0.01, 0.2), 0.05));
}

TEST(IsSurelyWorse, TellsEqualModelsFromChance) {
  // Both models' figures are drawn alike, user by user: alarms are as rare as promised.
  int alarms = 0;
  constexpr int kTrials = 2'000;
  for (int trial = 0; trial < kTrials; ++trial) {
    Random random = Random::Fork(3, static_cast<uint64_t>(trial));
    PairedFigures figures;
    for (int user = 0; user < 60; ++user) {
      figures.model.push_back(random.Uniform());
      figures.other.push_back(random.Uniform());
    }
    alarms += IsSurelyWorse(figures, 0.0) ? 1 : 0;
  }
  EXPECT_LT(alarms, kTrials / 25);
  EXPECT_GT(alarms, 0);
}

TEST(MostAdvantage, IsTheDifferencePlusWhatChanceCouldHide) {
  const PairedFigures alike = Rankings(400, 0.3, 0.2);
  const double difference = ModelFigure(alike) - OtherFigure(alike);
  EXPECT_GT(MostAdvantage(alike), difference);
  EXPECT_LT(MostAdvantage(alike), 1.1 * difference);
  EXPECT_LT(MostAdvantage(Rankings(400, 0.1, 0.2)), 0.0);
  EXPECT_NEAR(MostAdvantage(Errors(50, 0.8, 1.0)), 0.2, 1e-12)
      << "all users alike: nothing is left to chance";
  EXPECT_NEAR(MostAdvantage(Errors(50, 1.25, 1.0)), -0.25, 1e-12);
  EXPECT_EQ(MostAdvantage(PairedFigures()), 0.0);
}

TEST(BestFigure, IsTheFigureAndWhatChanceCouldAdd) {
  const PairedFigures rankings = Rankings(400, 0.3, 0.2);
  EXPECT_GT(BestFigure(rankings), ModelFigure(rankings));
  EXPECT_LT(BestFigure(rankings), 1.1 * ModelFigure(rankings));
  EXPECT_NEAR(BestFigure(Errors(50, 0.8, 1.0)), 0.8, 1e-12);
  PairedFigures errors = Errors(2, 1.0, 1.0);
  errors.model = {0.0, 2.0};
  EXPECT_EQ(BestFigure(errors), 0.0) << "never below 0";
  EXPECT_EQ(BestFigure(PairedFigures()), 0.0);
}

}  // namespace
}  // namespace ridgeline
