#include "core/training/validation_gate.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr double kTolerance = 0.05;

// `users` users, half of whom have `figure` and half a little more or less.
std::vector<double> Around(double figure, int users) {
  std::vector<double> figures;
  for (int user = 0; user < users; ++user) figures.push_back(figure * (1.0 + 0.01 * (user % 3 - 1)));
  return figures;
}

PairedFigures Figures(double model, double other, int users) {
  PairedFigures figures;
  figures.model = Around(model, users);
  figures.other = Around(other, users);
  figures.ratings = users;
  return figures;
}

// A live model that was found to be at .3 where its baseline was at .1, and a new one just like it.
class JudgeModelTest : public testing::Test {
 protected:
  JudgeModelTest() {
    info_.version = "v000007";
    info_.metrics = {{"validation_ndcg@20", 0.3}, {"popularity_ndcg@20", 0.1}, {"validation_users", 90}};
    validation_.measure = {"ndcg@20", "popularity"};
    validation_.beside_baseline = Figures(0.3, 0.1, 90);
    validation_.beside_live = Figures(0.25, 0.25, 60);
  }

  GateVerdict Judge() const { return JudgeModel(validation_, {nullptr, &info_}, kTolerance); }

  ModelInfo info_;
  ModelValidation validation_;
};

TEST_F(JudgeModelTest, AModelLikeTheLiveOnePasses) {
  const GateVerdict verdict = Judge();
  EXPECT_FALSE(verdict.held_back);
  EXPECT_THAT(verdict.reason, IsEmpty());
  EXPECT_EQ(verdict.metric, "ndcg@20");
  EXPECT_EQ(verdict.baseline, "popularity");
  EXPECT_EQ(verdict.users, 90);
  EXPECT_NEAR(verdict.model_figure, 0.3, 1e-9);
  EXPECT_NEAR(verdict.baseline_figure, 0.1, 1e-9);
  EXPECT_EQ(verdict.live_version, "v000007");
  EXPECT_EQ(verdict.live_users, 60);
  EXPECT_NEAR(verdict.live_figure, 0.25, 1e-9);
  EXPECT_NEAR(verdict.model_beside_live_figure, 0.25, 1e-9);
}

TEST_F(JudgeModelTest, HoldsBackWhatIsWorseThanTheLiveModelBeyondTheTolerance) {
  validation_.beside_live = Figures(0.24, 0.25, 60);
  EXPECT_FALSE(Judge().held_back);
  validation_.beside_live = Figures(0.23, 0.25, 60);
  EXPECT_TRUE(Judge().held_back);
  EXPECT_EQ(Judge().reason, "worse than the live model: ndcg@20 0.23 against 0.25 of v000007 on 60 users");
}

TEST_F(JudgeModelTest, HoldsBackWhatIsWorseThanTheBaselineLiveModelOrNot) {
  validation_.beside_baseline = Figures(0.08, 0.1, 90);
  EXPECT_THAT(Judge().reason, StartsWith("worse than the baseline: ndcg@20 0.08 against 0.1 of popularity"));
  validation_.beside_live = PairedFigures();
  const GateVerdict first = JudgeModel(validation_, LiveModel(), kTolerance);
  EXPECT_TRUE(first.held_back);
  EXPECT_THAT(first.live_version, IsEmpty());
}

TEST_F(JudgeModelTest, HoldsBackWhatHasLostTheAdvantageOverTheBaselineThatTheLiveModelHad) {
  validation_.beside_baseline = Figures(0.03, 0.03, 90);
  validation_.beside_live = Figures(0.03, 0.03, 60);
  EXPECT_THAT(Judge().reason, StartsWith("no better than the baseline, as v000007 was by 0.2: ndcg@20 0.03"));
  validation_.beside_baseline = Figures(0.21, 0.1, 90);
  EXPECT_FALSE(Judge().held_back) << "more than half of it is left";
  validation_.beside_baseline = Figures(0.03, 0.03, 90);
  info_.metrics.clear();
  EXPECT_FALSE(Judge().held_back) << "nothing is known of an advantage";
}

TEST_F(JudgeModelTest, HoldsBackWhatPredictsFarLessThanTheLiveModelDid) {
  // No advantage to lose.
  info_.metrics = {{"validation_ndcg@20", 0.1}, {"popularity_ndcg@20", 0.1}, {"validation_users", 90}};
  validation_.beside_baseline = Figures(0.02, 0.02, 90);
  validation_.beside_live = Figures(0.02, 0.02, 60);
  EXPECT_THAT(Judge().reason,
              StartsWith("far from what v000007 was when it was trained, ndcg@20 0.1: ndcg@20 0.02"));
  validation_.beside_baseline = Figures(0.03, 0.03, 90);
  EXPECT_FALSE(Judge().held_back);
  PairedFigures errors = Figures(4.0, 4.0, 90);
  errors.are_errors = true;
  validation_.measure = {"rmse", "bias_only"};
  validation_.beside_baseline = errors;
  validation_.beside_live = errors;
  info_.metrics = {{"validation_rmse", 1.2}, {"bias_only_rmse", 1.2}, {"validation_users", 90}};
  EXPECT_THAT(Judge().reason, StartsWith("far from what v000007 was"));
  info_.metrics["validation_rmse"] = 1.4;
  EXPECT_FALSE(Judge().held_back);
}

TEST_F(JudgeModelTest, WhatFewUsersToldOfTheLiveModelHoldsNothingBack) {
  info_.metrics = {{"validation_ndcg@20", 0.9}, {"popularity_ndcg@20", 0.1}};
  validation_.beside_baseline = Figures(0.2, 0.1, 90);  // less than half of the advantage and of the figure
  EXPECT_FALSE(Judge().held_back) << Judge().reason << ", of nobody knows how many users";
  info_.metrics["validation_users"] = 29;
  EXPECT_FALSE(Judge().held_back) << Judge().reason;
  info_.metrics["validation_users"] = 30;
  EXPECT_THAT(Judge().reason, StartsWith("no better than the baseline, as v000007 was by 0.8"));
  validation_.beside_baseline = Figures(0.2, 0.01, 90);
  info_.metrics["popularity_ndcg@20"] = 0.9;
  EXPECT_THAT(Judge().reason, StartsWith("far from what v000007 was"));
  info_.metrics["validation_users"] = 29;
  EXPECT_FALSE(Judge().held_back) << Judge().reason;
}

TEST_F(JudgeModelTest, HoldsBackWhatGetsWorseByLearningTheNewestInteractions) {
  validation_.beside_measured = validation_.beside_baseline;
  validation_.beside_measured.other = validation_.beside_baseline.model;
  EXPECT_FALSE(Judge().held_back) << "as good as before";
  for (double& figure : validation_.beside_measured.model) figure *= 0.5;
  EXPECT_TRUE(Judge().held_back);
  EXPECT_THAT(Judge().reason, HasSubstr("worse for the newest interactions: ndcg@20"));
  for (double& figure : validation_.beside_measured.model) figure = std::nan("");
  EXPECT_THAT(Judge().reason, HasSubstr("not a finite number"));
}

TEST_F(JudgeModelTest, HoldsBackWhatOneItemFlooded) {
  validation_.flood = {"spam", 0.64, 0.011};
  EXPECT_TRUE(Judge().held_back);
  EXPECT_EQ(Judge().reason,
            "item \"spam\" floods the data: it has 0.64 of all evidence, 0.011 when v000007 was trained");
}

TEST_F(JudgeModelTest, RatingsAreJudgedByTheirErrors) {
  const auto errors = [](double model, double other) {
    PairedFigures figures = Figures(model * model, other * other, 90);
    figures.are_errors = true;
    return figures;
  };
  validation_.measure = {"rmse", "bias_only"};
  info_.metrics = {{"validation_rmse", 0.8}, {"bias_only_rmse", 0.9}, {"validation_users", 90}};
  validation_.beside_live = errors(0.8, 0.8);
  validation_.beside_baseline = errors(0.8, 0.9);
  EXPECT_FALSE(Judge().held_back) << Judge().reason;
  validation_.beside_live = errors(0.86, 0.8);
  EXPECT_THAT(Judge().reason, StartsWith("worse than the live model: rmse 0.86 against 0.8"));
  validation_.beside_live = errors(0.8, 0.8);
  validation_.beside_baseline = errors(1.0, 0.9);
  EXPECT_THAT(Judge().reason, StartsWith("worse than the baseline"));
  validation_.beside_baseline = errors(0.895, 0.9);
  EXPECT_THAT(Judge().reason, StartsWith("no better than the baseline"));
}

TEST_F(JudgeModelTest, HoldsBackFiguresThatAreNotFiniteHoweverFewTheyAre) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    validation_.beside_baseline = Figures(0.3, 0.1, 2);
    validation_.beside_baseline.model[1] = bad;
    EXPECT_THAT(Judge().reason, HasSubstr("not a finite number"));
    EXPECT_TRUE(Judge().held_back);
    validation_.beside_baseline = Figures(0.3, 0.1, 90);
    PairedFigures beside_live = Figures(0.25, 0.25, 2);
    beside_live.model[0] = bad;
    std::swap(validation_.beside_live, beside_live);
    EXPECT_TRUE(Judge().held_back);
    std::swap(validation_.beside_live, beside_live);
  }
}

TEST_F(JudgeModelTest, LetsThroughAndSaysSoWhatTooFewUsersTell) {
  validation_.beside_baseline = Figures(0.01, 0.1, 29);
  validation_.beside_live = Figures(0.01, 0.25, 29);
  EXPECT_FALSE(Judge().held_back);
  EXPECT_EQ(Judge().reason, "too few held-out users to tell: 29 of at least 30");
  validation_.beside_baseline = Figures(0.3, 0.1, 90);
  EXPECT_FALSE(Judge().held_back);
  EXPECT_THAT(Judge().reason, StartsWith("not compared with the live model: 29 of at least 30 users"));
  validation_.not_compared = "it is of another kind";
  EXPECT_EQ(Judge().reason, "not compared with the live model: it is of another kind");
}

TEST_F(JudgeModelTest, TheFirstModelIsOnlyHeldAgainstTheBaseline) {
  validation_.beside_live = PairedFigures();
  validation_.not_compared = "no model is live";
  const GateVerdict verdict = JudgeModel(validation_, LiveModel(), kTolerance);
  EXPECT_FALSE(verdict.held_back);
  EXPECT_THAT(verdict.reason, IsEmpty());
}

TEST_F(JudgeModelTest, WhatIsNotMeasuredPasses) {
  const GateVerdict verdict = NotMeasured({nullptr, &info_});
  EXPECT_FALSE(verdict.held_back);
  EXPECT_EQ(verdict.live_version, "v000007");
  EXPECT_THAT(verdict.reason, HasSubstr("not measured"));
}

TEST_F(JudgeModelTest, ItsFiguresBecomeMetricsOfTheModelAsFarAsAManifestHoldsThem) {
  ModelInfo info;
  AddMetrics(Judge(), &info);
  EXPECT_THAT(info.metrics,
              UnorderedElementsAre(Pair("validation_ndcg@20", testing::DoubleNear(0.3, 1e-9)),
                                   Pair("popularity_ndcg@20", testing::DoubleNear(0.1, 1e-9)),
                                   Pair("validation_users", 90),
                                   Pair("live_ndcg@20", testing::DoubleNear(0.25, 1e-9)),
                                   Pair("beside_live_ndcg@20", testing::DoubleNear(0.25, 1e-9))));
  validation_.beside_baseline.model[0] = std::numeric_limits<double>::quiet_NaN();
  validation_.beside_live = PairedFigures();
  ModelInfo other;
  AddMetrics(Judge(), &other);
  EXPECT_THAT(other.metrics, UnorderedElementsAre(Pair("popularity_ndcg@20", testing::DoubleNear(0.1, 1e-9)),
                                                  Pair("validation_users", 90)));
}

}  // namespace
}  // namespace ridgeline
