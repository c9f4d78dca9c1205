#include "core/als/initial_factors.h"

#include <cmath>
#include <memory>
#include <vector>

#include "core/als/fold_in.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using testing::ElementsAreArray;

constexpr uint32_t kInitialUsers = 50;
constexpr uint32_t kInitialItems = 3000;

Hyperparameters Implicit(int factors) {
  Hyperparameters hyperparameters;
  hyperparameters.factors = factors;
  return hyperparameters;
}

FactorMatrix Initial(const Dataset& dataset, const Hyperparameters& hyperparameters, uint64_t seed,
                     const FactorModel* warm_start = nullptr, int threads = 2) {
  Arena arena(threads);
  return InitialItems(dataset, hyperparameters, 3.0, seed, warm_start, arena);
}

TEST(InitialItems, AreNormalWithDeviationATenthOverTheRootOfK) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kInitialUsers, kInitialItems, 0.5, 1);
  const FactorMatrix items = Initial(dataset, Implicit(16), 7);
  double sum = 0.0, squares = 0.0;
  for (const float value : items.values) {
    sum += value;
    squares += double{value} * double{value};
  }
  const double count = static_cast<double>(items.values.size());
  EXPECT_NEAR(sum / count, 0.0, 1e-3);
  EXPECT_NEAR(std::sqrt(squares / count), 0.1 / 4.0, 1e-3);
}

TEST(InitialItems, DependOnTheSeedAloneNotOnTheThreads) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kInitialUsers, kInitialItems, 0.5, 1);
  EXPECT_EQ(Initial(dataset, Implicit(8), 7, nullptr, 1).values,
            Initial(dataset, Implicit(8), 7, nullptr, 3).values);
  EXPECT_NE(Initial(dataset, Implicit(8), 7).values, Initial(dataset, Implicit(8), 8).values);
}

TEST(InitialItems, AreZeroWithoutEntries) {
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kInitialUsers, kInitialItems, 0.5, 1);
  const FactorMatrix items = Initial(dataset, Implicit(8), 7);
  EXPECT_THAT(items.Row(kInitialItems - 1), testing::Each(0.0f));
  EXPECT_THAT(items.Row(0), testing::Each(testing::Ne(0.0f)));
}

TEST(InitialItems, HaveBiasesInExplicitModelsOnly) {
  Hyperparameters hyperparameters = Implicit(4);
  EXPECT_THAT(
      Initial(RandomDataset(Feedback::kImplicit, kInitialUsers, 20, 0.5, 1), hyperparameters, 7).biases,
      testing::Each(0.0f));
  hyperparameters.feedback = Feedback::kExplicit;
  hyperparameters.bias_regularization = 1.0;
  const Dataset dataset = MakeDataset(Feedback::kExplicit, 2, 3, {5, 1, 0, 5, 1, 0});
  const FactorMatrix items = Initial(dataset, hyperparameters, 7);
  EXPECT_THAT(items.biases, testing::ElementsAre(testing::FloatNear(4.0f / 3.0f, 1e-6f),
                                                 testing::FloatNear(-4.0f / 3.0f, 1e-6f), 0.0f));
}

TEST(InitialItems, TakeTheWarmStartsRowsForTheIdsItKnows) {
  FactorModelParts parts;
  parts.hyperparameters = Implicit(4);
  auto known = std::make_shared<IdMap>();
  known->Add("unheard of");
  known->Add("item1");
  known->Add("item3");
  parts.item_ids = known;
  parts.user_ids = MakeIds("user", 2);
  parts.items = RandomFactors(3, 4, true, 11);
  parts.users = RandomFactors(2, 4, true, 12);
  parts.item_popularity.assign(3, 1.0f);
  const auto model = FactorModel::Create(parts);
  ASSERT_TRUE(model.ok()) << model.status();

  const Dataset dataset = MakeDataset(Feedback::kImplicit, 2, 4, {1, 1, 1, 0, 1, 1, 0, 0});
  const FactorMatrix warm = Initial(dataset, Implicit(4), 7, model->get());
  const auto folded = FoldInItem(**model, {{0, 1}, {1.0f, 1.0f}});
  EXPECT_THAT(warm.Row(0), ElementsAreArray(folded.value().factors)) << "a new item is folded in";
  EXPECT_EQ(warm.Row(1), parts.items.Row(1));
  EXPECT_EQ(warm.biases[1], 0.0f) << "a model without biases takes none";
  Hyperparameters with_biases = Implicit(4);
  with_biases.implicit_biases = true;
  EXPECT_EQ(Initial(dataset, with_biases, 7, model->get()).biases[1], parts.items.biases[1]);
  EXPECT_THAT(warm.Row(3), testing::Each(0.0f)) << "a known item that lost its entries is zero";
}

TEST(InitialItems, OfNonNegativeModelsAreNotBelowZeroWhateverTheyStartFrom) {
  const Dataset dataset = MakeDataset(Feedback::kImplicit, 2, 3, {1, 1, 1, 1, 1, 1});
  FactorModelParts parts;
  parts.hyperparameters = Implicit(2);
  parts.item_ids = MakeIds("item", 3);
  parts.user_ids = MakeIds("user", 0);
  parts.items = RandomFactors(3, 2, false, 11);
  parts.items.values = {1, -1, 2, 3, -1, -1};
  parts.users.factors = 2;
  parts.item_popularity.assign(3, 1.0f);
  const auto model = FactorModel::Create(parts);
  ASSERT_TRUE(model.ok()) << model.status();
  Hyperparameters hyperparameters = Implicit(2);
  hyperparameters.non_negative = true;
  const FactorMatrix cold = Initial(dataset, hyperparameters, 7);
  const FactorMatrix warm = Initial(dataset, hyperparameters, 7, model->get());
  EXPECT_THAT(cold.values, testing::Each(testing::Gt(0.0f)));
  EXPECT_EQ(warm.Row(0), cold.Row(0)) << "drawn, since a factor is below 0";
  EXPECT_EQ(warm.Row(1), parts.items.Row(1));
}

}  // namespace
}  // namespace ridgeline
