#include "core/als/fold_in.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/als/als_trainer.h"
#include "core/als/half_step.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr uint32_t kUsers = 80;
constexpr uint32_t kItems = 60;

History RowHistory(const CsrMatrix& matrix, uint32_t row) {
  const auto columns = matrix.RowColumns(row);
  const auto values = matrix.RowValues(row);
  return {{columns.begin(), columns.end()}, {values.begin(), values.end()}};
}

// A model as it is right after a user step.
std::shared_ptr<const FactorModel> TrainedModel(const Dataset& dataset,
                                                const Hyperparameters& hyperparameters) {
  Arena arena(2);
  AlsOptions options;
  options.hyperparameters = hyperparameters;
  options.iterations = 3;
  AlsRun run;
  run.arena = &arena;
  const auto trained = TrainAls(dataset, options, run);
  EXPECT_TRUE(trained.ok()) << trained.status();
  FactorModelParts parts = (*trained)->parts();
  const std::vector<float> gramian = Gramian(parts.items);
  const FixedSide fixed{&hyperparameters, &parts.items, &gramian, parts.global_mean};
  EXPECT_TRUE(SolveHalfStep(fixed, dataset.by_user, arena, nullptr, &parts.users).ok());
  return *FactorModel::Create(std::move(parts));
}

TEST(FoldInUser, RightAfterTheUserStepEqualsTheStoredRowToTheBit) {
  for (const Hyperparameters& hyperparameters : AllForms(12)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1);
    const auto model = TrainedModel(dataset, hyperparameters);
    for (uint32_t user = 0; user < kUsers; ++user) {
      const auto folded = FoldInUser(*model, RowHistory(dataset.by_user, user));
      ASSERT_TRUE(folded.ok()) << folded.status();
      EXPECT_EQ(folded->factors, model->User(user).factors) << Describe(hyperparameters);
      EXPECT_EQ(folded->bias, model->User(user).bias);
    }
  }
}

TEST(FoldInItem, RightAfterTheItemStepEqualsTheStoredRowToTheBit) {
  for (const Hyperparameters& hyperparameters : AllForms(12)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1);
    Arena arena(2);
    AlsOptions options;
    options.hyperparameters = hyperparameters;
    options.iterations = 2;
    AlsRun run;
    run.arena = &arena;
    const auto model = TrainAls(dataset, options, run);
    ASSERT_TRUE(model.ok());
    for (uint32_t item = 0; item < kItems; ++item) {
      const auto folded = FoldInItem(**model, RowHistory(dataset.by_item, item));
      ASSERT_TRUE(folded.ok()) << folded.status();
      const auto stored = (*model)->items().Row(item);
      EXPECT_EQ(folded->factors, std::vector<float>(stored.begin(), stored.end()));
      EXPECT_EQ(folded->bias, (*model)->items().biases[item]);
    }
  }
}

TEST(FoldInUser, DoesNotDependOnTheOrderOfTheHistory) {
  for (const Hyperparameters& hyperparameters : AllForms(12)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1);
    const auto model = TrainedModel(dataset, hyperparameters);
    const History history = RowHistory(dataset.by_user, 0);
    const History reversed = {{history.rows.rbegin(), history.rows.rend()},
                              {history.values.rbegin(), history.values.rend()}};
    const auto forward = FoldInUser(*model, history), backward = FoldInUser(*model, reversed);
    EXPECT_EQ(forward->factors, backward->factors);
    EXPECT_EQ(forward->bias, backward->bias);
  }
}

TEST(FoldInUser, OfAnEmptyHistoryIsZero) {
  const Hyperparameters hyperparameters = AllForms(4).back();
  const auto model =
      TrainedModel(RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1), hyperparameters);
  const auto folded = FoldInUser(*model, History());
  ASSERT_TRUE(folded.ok());
  EXPECT_EQ(folded->factors, std::vector<float>(4, 0.0f));
  EXPECT_EQ(folded->bias, 0.0f);
}

TEST(FoldInUser, RefusesAHistoryThatMakesNoSense) {
  const Hyperparameters implicit = AllForms(4).back();
  const auto model = TrainedModel(RandomDataset(implicit.feedback, kUsers, kItems, 0.3, 1), implicit);
  const auto expect_refused = [&](const History& history, const std::string& problem) {
    for (const absl::Status& status :
         {FoldInUser(*model, history).status(), FoldInItem(*model, history).status(),
          ExplainScore(*model, history, 0).status()}) {
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
      EXPECT_THAT(std::string(status.message()), testing::AllOf(StartsWith("history:"), HasSubstr(problem)));
    }
  };
  expect_refused({{1, 2}, {1.0f}}, "2 rows and 1 values");
  expect_refused({{kUsers}, {1.0f}}, "out of range");
  expect_refused({{5, 3, 5}, {1.0f, 1.0f, 1.0f}}, "row 5 is repeated");
  expect_refused({{1}, {0.0f}}, "finite and positive");
  expect_refused({{1}, {-2.0f}}, "finite and positive");
  expect_refused({{1}, {std::numeric_limits<float>::quiet_NaN()}}, "finite");
  expect_refused({{1}, {std::numeric_limits<float>::infinity()}}, "finite");
}

TEST(FoldInUser, TakesNegativeRatingsInExplicitModels) {
  const Hyperparameters hyperparameters = AllForms(4).front();
  const auto model =
      TrainedModel(RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1), hyperparameters);
  EXPECT_TRUE(FoldInUser(*model, {{1, 2}, {-3.0f, 0.0f}}).ok());
}

TEST(FoldInUser, ReportsNumbersTooLargeToSolveWith) {
  const Hyperparameters hyperparameters = AllForms(4).back();
  const auto model =
      TrainedModel(RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1), hyperparameters);
  const History history = {{1, 2}, {std::numeric_limits<float>::max(), 1.0f}};
  EXPECT_EQ(FoldInUser(*model, history).status().code(), absl::StatusCode::kInternal);
}

TEST(FoldInUser, OfAModelWithoutFactorsIsItsBias) {
  FactorModelParts parts;
  parts.hyperparameters.feedback = Feedback::kExplicit;
  parts.hyperparameters.factors = 0;
  parts.hyperparameters.bias_regularization = 1.0;
  parts.hyperparameters.regularization_scaling = RegularizationScaling::kNone;
  parts.global_mean = 3.0;
  parts.user_ids = MakeIds("user", 0);
  parts.item_ids = MakeIds("item", 2);
  parts.items.biases = {0.5f, -0.5f};
  parts.item_popularity = {1.0f, 1.0f};
  const auto model = FactorModel::Create(parts);
  ASSERT_TRUE(model.ok()) << model.status();
  const auto folded = FoldInUser(**model, {{0, 1}, {5.0f, 4.0f}});
  ASSERT_TRUE(folded.ok());
  EXPECT_FLOAT_EQ(folded->bias, (1.5f + 1.5f) / 3.0f);
}

TEST(ExplainScore, HasPartsThatSumToTheScore) {
  for (const Hyperparameters& hyperparameters : AllForms(12)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1);
    const auto model = TrainedModel(dataset, hyperparameters);
    const History history = RowHistory(dataset.by_user, 4);
    for (uint32_t item = 0; item < kItems; ++item) {
      const auto explanation = ExplainScore(*model, history, item);
      ASSERT_TRUE(explanation.ok()) << explanation.status();
      EXPECT_EQ(explanation->score, model->Score(model->User(4), item));
      EXPECT_EQ(explanation->parts.size(), history.size());
      double sum = explanation->global_mean;
      sum += double{explanation->user_bias} + double{explanation->item_bias};
      for (const ScorePart& part : explanation->parts) sum += part.contribution;
      EXPECT_NEAR(sum, explanation->score, 2e-5) << Describe(hyperparameters) << ", item " << item;
    }
  }
}

TEST(ExplainScore, PutsTheLargestPartFirst) {
  const Hyperparameters hyperparameters = AllForms(12).back();
  const Dataset dataset = RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1);
  const auto explanation =
      ExplainScore(*TrainedModel(dataset, hyperparameters), RowHistory(dataset.by_user, 4), 2);
  ASSERT_TRUE(explanation.ok());
  EXPECT_TRUE(std::is_sorted(explanation->parts.begin(), explanation->parts.end(),
                             [](const ScorePart& a, const ScorePart& b) {
                               return std::abs(a.contribution) > std::abs(b.contribution);
                             }));
}

TEST(ExplainScore, NamesAnItemOutOfRange) {
  const Hyperparameters hyperparameters = AllForms(4).back();
  const auto model =
      TrainedModel(RandomDataset(hyperparameters.feedback, kUsers, kItems, 0.3, 1), hyperparameters);
  const absl::Status status = ExplainScore(*model, {{1}, {1.0f}}, kItems).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("item_row:"));
}

}  // namespace
}  // namespace ridgeline
