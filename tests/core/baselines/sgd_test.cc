#include "core/baselines/sgd.h"

#include <cmath>
#include <vector>

#include "core/als/als_trainer.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

// Ratings of planted rank 2 around a mean and biases, nearly all pairs present.
Dataset PlantedDataset() {
  const FactorMatrix users = RandomFactors(60, 2, true, 1), items = RandomFactors(50, 2, true, 2);
  Random random(3);
  std::vector<float> ratings(60 * 50, 0.0f);
  for (uint32_t user = 0; user < 60; ++user) {
    for (uint32_t item = 0; item < 50; ++item) {
      const float product = users.Row(user)[0] * items.Row(item)[0] + users.Row(user)[1] * items.Row(item)[1];
      if (random.Uniform() < 0.8)
        ratings[user * 50 + item] = 3.0f + users.biases[user] + items.biases[item] + product;
    }
  }
  return MakeDataset(Feedback::kExplicit, 60, 50, ratings);
}

GradientDescentOptions SgdTestOptions() {
  GradientDescentOptions options;
  options.hyperparameters = DefaultHyperparameters(Feedback::kExplicit);
  options.hyperparameters.factors = 2;
  options.hyperparameters.regularization = 0.05;
  options.hyperparameters.bias_regularization = 0.05;
  options.learning_rate = 0.03;
  options.decay = 0.99;
  options.iterations = 200;
  return options;
}

std::shared_ptr<const FactorModel> Train(const Dataset& dataset, const GradientDescentOptions& options,
                                         int threads = 2, std::vector<double>* objectives = nullptr) {
  Arena arena(threads);
  GradientDescentRun run{&arena};
  if (objectives != nullptr) {
    run.on_progress = [&](const AlsProgress& progress) { objectives->push_back(progress.objective); };
  }
  const auto model = TrainSgd(dataset, options, run);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *model : nullptr;
}

TEST(Sgd, ComesToTheObjectiveOfAlternatingLeastSquares) {
  const Dataset dataset = PlantedDataset();
  std::vector<double> by_gradients, by_solves;
  ASSERT_NE(Train(dataset, SgdTestOptions(), 2, &by_gradients), nullptr);
  Arena arena(1);
  AlsOptions options;
  options.hyperparameters = SgdTestOptions().hyperparameters;
  options.iterations = 100;
  AlsRun run;
  run.arena = &arena;
  run.on_progress = [&](const AlsProgress& progress) { by_solves.push_back(progress.objective); };
  ASSERT_TRUE(TrainAls(dataset, options, run).ok());
  EXPECT_LT(by_gradients.back(), 0.1 * by_gradients.front());
  EXPECT_NEAR(by_gradients.back(), by_solves.back(), 0.05 * by_solves.back());
}

TEST(Sgd, ReconstructsRatingsOfPlantedRank) {
  const Dataset dataset = PlantedDataset();
  const auto model = Train(dataset, SgdTestOptions());
  ASSERT_NE(model, nullptr);
  double squares = 0.0;
  for (uint32_t user = 0; user < 60; ++user) {
    const auto columns = dataset.by_user.RowColumns(user);
    for (size_t at = 0; at < columns.size(); ++at) {
      squares +=
          std::pow(model->Score(model->User(user), columns[at]) - dataset.by_user.RowValues(user)[at], 2);
    }
  }
  EXPECT_LT(std::sqrt(squares / static_cast<double>(dataset.by_user.entries())), 0.05);
}

TEST(Sgd, GivesTheSameBitsAtAnyNumberOfThreads) {
  const Dataset dataset = RandomDataset(Feedback::kExplicit, 70, 50, 0.4, 1);
  GradientDescentOptions options = SgdTestOptions();
  options.iterations = 5;
  const auto one = Train(dataset, options, 1), three = Train(dataset, options, 3);
  EXPECT_EQ(one->users().values, three->users().values);
  EXPECT_EQ(one->items().values, three->items().values);
  EXPECT_EQ(one->items().biases, three->items().biases);
}

TEST(Sgd, RefusesImplicitFeedback) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, 10, 8, 0.5, 1);
  Arena arena(1);
  EXPECT_EQ(TrainSgd(dataset, SgdTestOptions(), {&arena}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Sgd, ReportsALearningRateThatMakesTheFactorsGrowWithoutBounds) {
  const Dataset dataset = RandomDataset(Feedback::kExplicit, 40, 30, 0.5, 1);
  GradientDescentOptions options = SgdTestOptions();
  options.learning_rate = 10.0;
  Arena arena(1);
  EXPECT_EQ(TrainSgd(dataset, options, {&arena}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace ridgeline
