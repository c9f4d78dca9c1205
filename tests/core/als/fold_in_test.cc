#include "core/als/fold_in.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/als/als_trainer.h"
#include "core/als/half_step.h"
#include "core/als/row_system.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/naive_loss.h"
#include "tests/core/als/other_side.h"
#include "tests/core/als/placed_items.h"
#include "tests/core/als/random_dataset.h"
#include "tests/core/als/trained_model.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

constexpr uint32_t kFoldInUsers = 80;
constexpr uint32_t kFoldInItems = 60;

// Minimizes sum c (t / c - h . y)^2 + alpha0 sum over all users (h . (y - prior))^2 + lambda |y - prior|^2
// densely.
std::vector<double> NaiveFoldInAround(const FactorModel& model, const History& history,
                                      const UserVector& prior) {
  const OtherSide side(model.hyperparameters(), model.users(), model.global_mean());
  HalfStepWorkspace workspace;
  const kernels::RowSystem system = BuildRowSystem(side.Fixed(), history.rows, history.values, workspace);
  const int size = system.dimension();
  Eigen::VectorXd expected = Eigen::VectorXd::Zero(size);
  for (int k = 0; k < model.factors(); ++k) expected(k) = prior.factors[static_cast<size_t>(k)];
  if (system.append_one) expected(size - 1) = prior.bias;
  Eigen::MatrixXd pull = Eigen::MatrixXd::Zero(size, size);  // towards the prior
  for (int i = 0; i < size; ++i) pull(i, i) = system.ridge[i];
  for (int i = 0; system.base != nullptr && i < size * size; ++i) {
    pull(i / size, i % size) += double{system.base_scale} * double{system.base[i]};
  }
  Eigen::MatrixXd matrix = pull;
  Eigen::VectorXd right = pull * expected;
  for (size_t at = 0; at < history.size(); ++at) {
    Eigen::VectorXd h = Eigen::VectorXd::Ones(size);
    for (int k = 0; k < model.factors(); ++k)
      h(k) = model.users().Row(history.rows[at])[static_cast<size_t>(k)];
    matrix += (system.weights == nullptr ? 1.0 : double{system.weights[at]}) * h * h.transpose();
    right += double{system.targets[at]} * h;
  }
  const Eigen::VectorXd solved = matrix.fullPivLu().solve(right);
  return {solved.data(), solved.data() + size};
}

TEST(FoldInItemAround, AgreesWithTheDenseSystem) {
  for (const Hyperparameters& hyperparameters : AllForms(6)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1);
    const auto model = TrainedModel(dataset, hyperparameters);
    const UserVector prior = {{0.1f, -0.2f, 0.3f, 0.0f, 0.5f, -0.1f}, 0.25f};
    for (uint32_t item = 0; item < 20; ++item) {
      const History history = RowHistory(dataset.by_item, item);
      const auto folded = FoldInItemAround(*model, history, prior);
      ASSERT_TRUE(folded.ok()) << folded.status();
      const std::vector<double> expected = NaiveFoldInAround(*model, history, prior);
      for (size_t k = 0; k < 6; ++k)
        EXPECT_NEAR(folded->factors[k], expected[k], 1e-4) << Describe(hyperparameters);
      if (expected.size() > 6) {
        EXPECT_NEAR(folded->bias, expected[6], 1e-4);
      }
    }
  }
}

TEST(FoldInItemAround, WithoutAHistoryIsThePriorAndAroundZeroIsTheFoldIn) {
  for (const Hyperparameters& hyperparameters : AllForms(6)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1);
    const auto model = TrainedModel(dataset, hyperparameters);
    const UserVector prior = {{1, 2, 3, 4, 5, 6}, 7};
    EXPECT_EQ(FoldInItemAround(*model, {}, prior)->factors, prior.factors);
    const History history = RowHistory(dataset.by_item, 3);
    const UserVector zero = {std::vector<float>(6, 0.0f), 0.0f};
    EXPECT_EQ(FoldInItemAround(*model, history, zero)->factors, FoldInItem(*model, history)->factors);
  }
}

TEST(FoldInItemAround, RefusesAPriorThatDoesNotFit) {
  Hyperparameters hyperparameters;
  hyperparameters.factors = 3;
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kFoldInUsers, kFoldInItems, 0.3, 1);
  const auto error = [&](const UserVector& prior) {
    return std::string(
        FoldInItemAround(*TrainedModel(dataset, hyperparameters), {}, prior).status().message());
  };
  EXPECT_THAT(error({{1, 2}, 0}), StartsWith("prior: has 2 factors"));
  hyperparameters.non_negative = true;
  EXPECT_THAT(error({{1, 2, 3}, 0}), StartsWith("prior: not with"));
}

TEST(FoldInUser, RightAfterTheUserStepEqualsTheStoredRowToTheBit) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(12)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1);
    const auto model = TrainedModel(dataset, hyperparameters);
    for (uint32_t user = 0; user < kFoldInUsers; ++user) {
      const auto folded = FoldInUser(*model, RowHistory(dataset.by_user, user));
      ASSERT_TRUE(folded.ok()) << folded.status();
      EXPECT_EQ(folded->factors, model->User(user).factors) << Describe(hyperparameters);
      EXPECT_EQ(folded->bias, model->User(user).bias);
    }
  }
}

TEST(FoldInUser, IsTheSameToTheBitWherePlacedItemsAreBesideTheTrainedOnes) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(12)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1);
    const auto model = WithPlacedItems(*TrainedModel(dataset, hyperparameters));
    for (uint32_t user = 0; user < kFoldInUsers; ++user) {
      const auto folded = FoldInUser(*model, RowHistory(dataset.by_user, user));
      ASSERT_TRUE(folded.ok()) << folded.status();
      EXPECT_EQ(folded->factors, model->User(user).factors) << Describe(hyperparameters);
      EXPECT_EQ(folded->bias, model->User(user).bias);
    }
  }
}

TEST(FoldInUser, WhoMetPlacedItemsHasTheLossOfThoseAndOfAllTrainedItems) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(12)) {
    // The number of all items scales it, which is that of the trained ones here and of NaiveLoss's below.
    if (hyperparameters.regularization_scaling != RegularizationScaling::kNone) continue;
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1);
    const auto model = WithPlacedItems(*TrainedModel(dataset, hyperparameters));
    History history = RowHistory(dataset.by_user, 4);
    history.rows.insert(history.rows.end(), {kFoldInItems + 1, kFoldInItems + 3});
    history.values.insert(history.values.end(), {2.0f, 1.5f});
    const auto folded = FoldInUser(*model, history);
    ASSERT_TRUE(folded.ok()) << folded.status();

    FactorMatrix met = model->items();  // without the two placed items that were not met
    const auto drop = [&](uint32_t row) {
      met.values.erase(met.values.begin() + row * 12, met.values.begin() + (row + 1) * 12);
      met.biases.erase(met.biases.begin() + row);
    };
    drop(kFoldInItems + 2);
    drop(kFoldInItems);
    CsrMatrix entries = {
        1, kFoldInItems + 2, {0, static_cast<int64_t>(history.size())}, history.rows, history.values};
    entries.column_indices[history.size() - 2] = kFoldInItems;
    entries.column_indices[history.size() - 1] = kFoldInItems + 1;
    const FactorMatrix user = {12, {folded->factors.begin(), folded->factors.end()}, {folded->bias}};
    const NaiveLoss loss(entries, hyperparameters, model->global_mean(), user, met);
    EXPECT_LT(loss.RelativeGradient(0), 5e-5) << Describe(hyperparameters);
  }
}

TEST(FoldInItem, RightAfterTheItemStepEqualsTheStoredRowToTheBit) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(12)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1);
    Arena arena(2);
    AlsOptions options;
    options.hyperparameters = hyperparameters;
    options.iterations = 2;
    AlsRun run;
    run.arena = &arena;
    const auto model = TrainAls(dataset, options, run);
    ASSERT_TRUE(model.ok());
    for (uint32_t item = 0; item < kFoldInItems; ++item) {
      const auto folded = FoldInItem(**model, RowHistory(dataset.by_item, item));
      ASSERT_TRUE(folded.ok()) << folded.status();
      const auto stored = (*model)->items().Row(item);
      EXPECT_EQ(folded->factors, std::vector<float>(stored.begin(), stored.end()));
      EXPECT_EQ(folded->bias, (*model)->items().biases[item]);
    }
  }
}

TEST(FoldInUser, DoesNotDependOnTheOrderOfTheHistory) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(12)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1);
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
  const auto model = TrainedModel(RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1),
                                  hyperparameters);
  const auto folded = FoldInUser(*model, History());
  ASSERT_TRUE(folded.ok());
  EXPECT_EQ(folded->factors, std::vector<float>(4, 0.0f));
  EXPECT_EQ(folded->bias, 0.0f);
}

TEST(FoldInUser, RefusesAHistoryThatMakesNoSense) {
  const Hyperparameters implicit = AllForms(4).back();
  const auto model =
      TrainedModel(RandomDataset(implicit.feedback, kFoldInUsers, kFoldInItems, 0.3, 1), implicit);
  for (const absl::Status& status : {FoldInUser(*model, {{kFoldInUsers}, {1.0f}}).status(),
                                     FoldInItem(*model, {{kFoldInUsers}, {1.0f}}).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), StartsWith("history:"));
  }
}

TEST(FoldInUser, TakesNegativeRatingsInExplicitModels) {
  const Hyperparameters hyperparameters = AllForms(4).front();
  const auto model = TrainedModel(RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1),
                                  hyperparameters);
  EXPECT_TRUE(FoldInUser(*model, {{1, 2}, {-3.0f, 0.0f}}).ok());
}

TEST(FoldInUser, ReportsNumbersTooLargeToSolveWith) {
  const Hyperparameters hyperparameters = AllForms(4).back();
  const auto model = TrainedModel(RandomDataset(hyperparameters.feedback, kFoldInUsers, kFoldInItems, 0.3, 1),
                                  hyperparameters);
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

}  // namespace
}  // namespace ridgeline
