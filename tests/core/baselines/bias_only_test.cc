#include "core/baselines/bias_only.h"

#include <limits>

#include "core/als/fold_in.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/baselines/small_dataset.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

Dataset SmallRatings() {
  return MakeDataset(
      {{"a", "x", 5}, {"a", "y", 4}, {"b", "x", 3}, {"b", "z", 1}, {"c", "y", 2}, {"c", "z", 2}},
      Feedback::kExplicit);
}

TEST(BiasOnly, RatingsThatAreSumsOfBiasesAreReproduced) {
  // mu = 3, users -1 and +1, items -0.5 and +0.5.
  const Dataset dataset =
      MakeDataset({{"a", "x", 1.5}, {"a", "y", 2.5}, {"b", "x", 3.5}, {"b", "y", 4.5}}, Feedback::kExplicit);
  const auto model = TrainBiasOnly(dataset, {.regularization = 1e-6, .iterations = 20}).value();
  EXPECT_NEAR(model->global_mean(), 3.0, 1e-6);
  EXPECT_NEAR(model->Score(model->User(0), 0), 1.5, 1e-4);
  EXPECT_NEAR(model->Score(model->User(1), 1), 4.5, 1e-4);
}

TEST(BiasOnly, TheGradientVanishesAtTheSolution) {
  const Dataset dataset = SmallRatings();
  constexpr double kLambda = 2.0;
  const auto model = TrainBiasOnly(dataset, {.regularization = kLambda, .iterations = 200}).value();
  for (uint32_t user = 0; user < dataset.by_user.rows; ++user) {
    double gradient = -kLambda * model->users().biases[user];
    for (size_t i = 0; i < dataset.by_user.RowColumns(user).size(); ++i) {
      gradient += dataset.by_user.RowValues(user)[i] -
                  model->Score(model->User(user), dataset.by_user.RowColumns(user)[i]);
    }
    EXPECT_NEAR(gradient, 0.0, 1e-5);
  }
}

TEST(BiasOnly, FoldingInATrainingUserGivesItsBias) {
  const Dataset dataset = SmallRatings();
  const auto model = TrainBiasOnly(dataset, {.regularization = 2.0, .iterations = 200}).value();
  const UserVector folded = FoldInUser(*model, {{0, 1}, {5, 4}}).value();
  EXPECT_NEAR(folded.bias, model->users().biases[0], 1e-5);
}

TEST(BiasOnly, PopularityIsTheNumberOfRatings) {
  EXPECT_THAT(TrainBiasOnly(SmallRatings(), {}).value()->item_popularity(), testing::ElementsAre(2, 2, 2));
}

TEST(BiasOnly, BadInputIsRefusedByName) {
  for (double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THAT(std::string(TrainBiasOnly(SmallRatings(), {.regularization = bad}).status().message()),
                StartsWith("bias_regularization:"));
  }
  EXPECT_THAT(std::string(TrainBiasOnly(SmallRatings(), {.iterations = 0}).status().message()),
              StartsWith("iterations:"));
  EXPECT_THAT(std::string(TrainBiasOnly(MakeDataset({}, Feedback::kExplicit), {}).status().message()),
              StartsWith("dataset:"));
  const Dataset implicit = MakeDataset({{"a", "x", 1}}, Feedback::kImplicit);
  EXPECT_THAT(std::string(TrainBiasOnly(implicit, {}).status().message()), StartsWith("feedback:"));
}

}  // namespace
}  // namespace ridgeline
