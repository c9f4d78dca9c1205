#include "core/als/als_trainer.h"

#include <limits>
#include <string>
#include <vector>

#include "core/als/fold_in.h"
#include "core/als/objective.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using testing::Each;
using testing::StartsWith;

constexpr uint32_t kTrainedUsers = 90;
constexpr uint32_t kTrainedItems = 50;

AlsOptions Options(const Hyperparameters& hyperparameters, int iterations) {
  AlsOptions options;
  options.hyperparameters = hyperparameters;
  options.iterations = iterations;
  return options;
}

std::shared_ptr<const FactorModel> Train(const Dataset& dataset, const AlsOptions& options, int threads = 2,
                                         std::vector<AlsProgress>* progress = nullptr,
                                         const FactorModel* warm_start = nullptr) {
  Arena arena(threads);
  AlsRun run;
  run.arena = &arena;
  run.warm_start = warm_start;
  if (progress != nullptr) run.on_progress = [&](const AlsProgress& at) { progress->push_back(at); };
  const auto model = TrainAls(dataset, options, run);
  EXPECT_TRUE(model.ok()) << model.status();
  return model.ok() ? *model : nullptr;
}

absl::Status Refusal(const Dataset& dataset, const AlsOptions& options, AlsRun run = AlsRun()) {
  Arena arena(1);
  run.arena = &arena;
  return TrainAls(dataset, options, run).status();
}

TEST(AlsTrainer, ReconstructsAMatrixWithEnoughFactorsAndHardlyAnyRegularization) {
  const std::vector<float> ratings = {5, 3, 1, 1, 4, 2, 4, 2, 5, 1, 3, 3, 1, 1, 2, 5, 4, 2, 1, 5, 3,
                                      4, 2, 1, 2, 4, 1, 5, 4, 3, 3, 1, 4, 2, 5, 1, 2, 5, 3, 3, 1, 4};
  const Dataset dataset = MakeDataset(Feedback::kExplicit, 7, 6, ratings);
  Hyperparameters hyperparameters;
  hyperparameters.feedback = Feedback::kExplicit;
  hyperparameters.factors = 6;
  hyperparameters.regularization = 1e-6;
  hyperparameters.bias_regularization = 1e-6;
  hyperparameters.regularization_scaling = RegularizationScaling::kNone;
  const auto model = Train(dataset, Options(hyperparameters, 100));
  ASSERT_NE(model, nullptr);
  for (uint32_t user = 0; user < 7; ++user) {
    for (uint32_t item = 0; item < 6; ++item) {
      EXPECT_NEAR(model->Score(model->User(user), item), ratings[user * 6 + item], 1e-3);
    }
  }
}

TEST(AlsTrainer, GivesTheSameBitsAtOneTwoAndThreeThreads) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(16)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kTrainedUsers, kTrainedItems, 0.2, 1);
    const auto expected = Train(dataset, Options(hyperparameters, 4), 1);
    for (const int threads : {2, 3}) {
      const auto model = Train(dataset, Options(hyperparameters, 4), threads);
      EXPECT_EQ(model->users().values, expected->users().values) << Describe(hyperparameters);
      EXPECT_EQ(model->items().values, expected->items().values);
      EXPECT_EQ(model->users().biases, expected->users().biases);
      EXPECT_EQ(model->items().biases, expected->items().biases);
    }
  }
}

// Enough short rows on both sides for the half steps to be solved in principal axes.
TEST(AlsTrainer, LowersTheObjectiveAndRepeatsItsBitsInPrincipalAxesToo) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, 1500, 1200, 0.004, 7);
  Hyperparameters hyperparameters;
  hyperparameters.factors = 24;
  std::vector<AlsProgress> progress;
  const auto model = Train(dataset, Options(hyperparameters, 6), 1, &progress);
  ASSERT_NE(model, nullptr);
  for (size_t at = 1; at < progress.size(); ++at) {
    EXPECT_LE(progress[at].objective, progress[at - 1].objective * (1.0 + 1e-6)) << at;
  }
  EXPECT_EQ(Train(dataset, Options(hyperparameters, 6), 3)->items().values, model->items().values);
}

TEST(AlsTrainer, EndsWithTheSameScoresWhicheverSolverWasUsed) {
  for (const Feedback feedback : {Feedback::kExplicit, Feedback::kImplicit}) {
    const Dataset dataset = RandomDataset(feedback, kTrainedUsers, kTrainedItems, 0.3, 7);
    Hyperparameters hyperparameters = DefaultHyperparameters(feedback);
    hyperparameters.factors = 10;
    std::vector<double> objectives;
    for (const Solver solver :
         {Solver::kExact, Solver::kConjugateGradient, Solver::kSubspace, Solver::kAuto}) {
      AlsOptions options = Options(hyperparameters, 60);
      options.solver = {solver, 4, 3};
      std::vector<AlsProgress> progress;
      ASSERT_NE(Train(dataset, options, 2, &progress), nullptr);
      for (size_t at = 1; at < progress.size(); ++at) {
        EXPECT_LE(progress[at].objective, progress[at - 1].objective * (1.0 + 1e-6)) << SolverName(solver);
      }
      objectives.push_back(progress.back().objective);
    }
    EXPECT_THAT(objectives, Each(testing::DoubleNear(objectives.front(), 0.01 * objectives.front())));
  }
}

TEST(AlsTrainer, FoldsInWhatItTrainedWhicheverSolverWasUsed) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kTrainedUsers, kTrainedItems, 0.3, 7);
  for (const Solver solver : {Solver::kConjugateGradient, Solver::kSubspace}) {
    Hyperparameters hyperparameters;
    hyperparameters.factors = 10;
    AlsOptions options = Options(hyperparameters, 4);
    options.solver = {solver, 4, 1};
    const auto model = Train(dataset, options);
    ASSERT_NE(model, nullptr);
    // The items were solved last, from the users as they are.
    for (uint32_t item = 0; item < kTrainedItems; ++item) {
      const auto columns = dataset.by_item.RowColumns(item);
      const auto values = dataset.by_item.RowValues(item);
      const auto folded =
          FoldInItem(*model, {{columns.begin(), columns.end()}, {values.begin(), values.end()}});
      ASSERT_TRUE(folded.ok());
      for (int k = 0; k < 10; ++k) EXPECT_NEAR(folded->factors[k], model->items().Row(item)[k], 1e-4);
    }
  }
}

TEST(AlsTrainer, GivesOtherBitsForAnotherSeed) {
  const Hyperparameters hyperparameters = AllForms(8).back();
  const Dataset dataset = RandomDataset(hyperparameters.feedback, kTrainedUsers, kTrainedItems, 0.2, 1);
  AlsOptions options = Options(hyperparameters, 2);
  const auto one = Train(dataset, options);
  options.seed = 2;
  EXPECT_NE(one->items().values, Train(dataset, options)->items().values);
}

TEST(AlsTrainer, LowersTheObjectiveInEveryIterationAndReportsIt) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(8)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kTrainedUsers, kTrainedItems, 0.2, 1);
    std::vector<AlsProgress> progress;
    const auto model = Train(dataset, Options(hyperparameters, 6), 2, &progress);
    ASSERT_EQ(progress.size(), 6u);
    for (size_t at = 1; at < progress.size(); ++at) {
      EXPECT_EQ(progress[at].iteration, static_cast<int>(at) + 1);
      EXPECT_EQ(progress[at].iterations, 6);
      EXPECT_LE(progress[at].objective, progress[at - 1].objective * (1.0 + 1e-7));
      EXPECT_GE(progress[at].elapsed, progress[at - 1].elapsed + progress[at].iteration_time);
    }
    EXPECT_EQ(progress.back().eta, absl::ZeroDuration());
    Arena arena(1);
    EXPECT_EQ(progress.back().objective, Objective(dataset, hyperparameters, model->global_mean(),
                                                   model->users(), model->items(), arena));
  }
}

TEST(AlsTrainer, KeepsRowsWithoutEntriesAtZero) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(8)) {
    const auto model = Train(RandomDataset(hyperparameters.feedback, kTrainedUsers, kTrainedItems, 0.2, 1),
                             Options(hyperparameters, 2));
    EXPECT_THAT(model->users().Row(kTrainedUsers - 1), Each(0.0f));
    EXPECT_THAT(model->items().Row(kTrainedItems - 1), Each(0.0f));
    EXPECT_EQ(model->users().biases[kTrainedUsers - 1], 0.0f);
    EXPECT_EQ(model->items().biases[kTrainedItems - 1], 0.0f);
  }
}

TEST(AlsTrainer, CountsRatingsAndSumsWeightsAsPopularity) {
  const std::vector<float> dense = {3, 0, 1, 2, 0, 0};
  Hyperparameters hyperparameters;
  hyperparameters.factors = 2;
  EXPECT_THAT(
      Train(MakeDataset(Feedback::kImplicit, 2, 3, dense), Options(hyperparameters, 1))->item_popularity(),
      testing::ElementsAre(5.0f, 0.0f, 1.0f));
  hyperparameters.feedback = Feedback::kExplicit;
  EXPECT_THAT(
      Train(MakeDataset(Feedback::kExplicit, 2, 3, dense), Options(hyperparameters, 1))->item_popularity(),
      testing::ElementsAre(2.0f, 0.0f, 1.0f));
}

TEST(AlsTrainer, StartsWarmWhereTheModelBeforeEnded) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(8)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kTrainedUsers, kTrainedItems, 0.2, 1);
    std::vector<AlsProgress> before, warm;
    const auto model = Train(dataset, Options(hyperparameters, 20), 2, &before);
    Train(dataset, Options(hyperparameters, 1), 2, &warm, model.get());
    EXPECT_LE(warm.front().objective, before.back().objective * (1.0 + 1e-7)) << Describe(hyperparameters);
  }
}

TEST(AlsTrainer, StopsEarlyWhenAnIterationGainsTooLittle) {
  const Hyperparameters hyperparameters = AllForms(8).back();
  const Dataset dataset = RandomDataset(hyperparameters.feedback, kTrainedUsers, kTrainedItems, 0.2, 1);
  AlsOptions options = Options(hyperparameters, 1000);
  options.tolerance = 1e-3;
  std::vector<AlsProgress> progress;
  Train(dataset, options, 2, &progress);
  ASSERT_GE(progress.size(), 2u);
  EXPECT_LT(progress.size(), 200u);
  const double last = progress.back().objective, before = progress[progress.size() - 2].objective;
  EXPECT_LT(before - last, 1e-3 * before);
}

TEST(AlsTrainer, RefusesAnIterativeSolverWhereOnlyTheExactOneWillDo) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kTrainedUsers, kTrainedItems, 0.3, 1);
  AlsOptions options = Options({.factors = 4, .non_negative = true}, 2);
  options.solver.solver = Solver::kConjugateGradient;
  EXPECT_THAT(std::string(Refusal(dataset, options).message()), StartsWith("solver:"));
  options.hyperparameters = {.factors = 4, .implicit_biases = true};
  options.solver.solver = Solver::kSubspace;
  EXPECT_THAT(std::string(Refusal(dataset, options).message()), StartsWith("solver:"));
  options.solver.solver = Solver::kAuto;
  EXPECT_TRUE(Refusal(dataset, options).ok());
}

TEST(AlsTrainer, IsCancelledBetweenIterations) {
  const Hyperparameters hyperparameters = AllForms(8).back();
  const Dataset dataset = RandomDataset(hyperparameters.feedback, kTrainedUsers, kTrainedItems, 0.2, 1);
  CancellationToken cancellation;
  int iterations = 0;
  AlsRun run;
  run.cancellation = &cancellation;
  run.on_progress = [&](const AlsProgress& progress) {
    iterations = progress.iteration;
    if (iterations == 3) cancellation.Cancel();
  };
  EXPECT_EQ(Refusal(dataset, Options(hyperparameters, 1000), run).code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(iterations, 3);
}

TEST(AlsTrainer, NamesTheOptionThatIsOutOfRange) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kTrainedUsers, kTrainedItems, 0.2, 1);
  const auto expect = [&](const std::string& field, void (*change)(AlsOptions&)) {
    AlsOptions options;
    change(options);
    const absl::Status status = Refusal(dataset, options);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << field;
    EXPECT_THAT(std::string(status.message()), StartsWith(field + ":"));
  };
  expect("factors", [](AlsOptions& options) { options.hyperparameters.factors = 0; });
  expect("factors", [](AlsOptions& options) { options.hyperparameters.factors = 4097; });
  expect("regularization", [](AlsOptions& options) { options.hyperparameters.regularization = 0.0; });
  expect("unobserved_weight", [](AlsOptions& options) { options.hyperparameters.unobserved_weight = -1.0; });
  expect("iterations", [](AlsOptions& options) { options.iterations = 0; });
  expect("iterations", [](AlsOptions& options) { options.iterations = 10'001; });
  expect("tolerance", [](AlsOptions& options) { options.tolerance = -0.1; });
  expect("tolerance",
         [](AlsOptions& options) { options.tolerance = std::numeric_limits<double>::quiet_NaN(); });
  expect("feedback", [](AlsOptions& options) { options.hyperparameters.feedback = Feedback::kExplicit; });
}

TEST(AlsTrainer, RefusesADatasetThatItCannotTrainOn) {
  const Hyperparameters hyperparameters = AllForms(4).back();
  const auto expect_refused = [&](const std::vector<float>& dense) {
    const absl::Status status =
        Refusal(MakeDataset(Feedback::kImplicit, 2, 2, dense), Options(hyperparameters, 1));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), StartsWith("dataset:"));
  };
  expect_refused({0, 0, 0, 0});
  expect_refused({1, 0, -1, 0});
  expect_refused({1, 0, std::numeric_limits<float>::infinity(), 0});
  expect_refused({1, 0, std::numeric_limits<float>::quiet_NaN(), 0});
}

TEST(AlsTrainer, RefusesAWarmStartOfAnotherShapeOrKind) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kTrainedUsers, kTrainedItems, 0.2, 1);
  Hyperparameters hyperparameters;
  hyperparameters.factors = 4;
  const auto model = Train(dataset, Options(hyperparameters, 1));
  AlsRun run;
  run.warm_start = model.get();
  hyperparameters.factors = 5;
  EXPECT_THAT(std::string(Refusal(dataset, Options(hyperparameters, 1), run).message()),
              StartsWith("warm_start:"));
  hyperparameters.factors = 4;
  hyperparameters.feedback = Feedback::kExplicit;
  EXPECT_THAT(std::string(Refusal(RandomDataset(Feedback::kExplicit, kTrainedUsers, kTrainedItems, 0.2, 1),
                                  Options(hyperparameters, 1), run)
                              .message()),
              StartsWith("warm_start:"));
}

TEST(AlsTrainer, NeedsAnArena) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kTrainedUsers, kTrainedItems, 0.2, 1);
  EXPECT_THAT(std::string(TrainAls(dataset, AlsOptions(), AlsRun()).status().message()),
              StartsWith("arena:"));
}

}  // namespace
}  // namespace ridgeline
