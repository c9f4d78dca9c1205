#include "core/als/objective.h"

#include <vector>

#include "core/als/bias_initialization.h"
#include "core/als/half_step.h"
#include "gtest/gtest.h"
#include "tests/core/als/naive_loss.h"
#include "tests/core/als/other_side.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

constexpr uint32_t kObjectiveUsers = 300;
constexpr uint32_t kObjectiveItems = 60;

double MeanFor(const Dataset& dataset) {
  return dataset.feedback == Feedback::kExplicit ? MeanValue(dataset.by_user) : 0.0;
}

TEST(Objective, EqualsTheSumOverAllPairs) {
  Arena arena(2);
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(7)) {
    const bool biases = HasBiases(hyperparameters);
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kObjectiveUsers, kObjectiveItems, 0.2, 1);
    const FactorMatrix users = RandomFactors(kObjectiveUsers, 7, biases, 2);
    const FactorMatrix items = RandomFactors(kObjectiveItems, 7, biases, 3);
    const double mean = MeanFor(dataset);
    const double expected = NaiveLoss(dataset.by_user, hyperparameters, mean, users, items).Value();
    EXPECT_NEAR(Objective(dataset, hyperparameters, mean, users, items, arena), expected, 1e-6 * expected)
        << Describe(hyperparameters);
  }
}

void ClearLastRow(FactorMatrix& matrix) {
  std::fill(matrix.values.end() - matrix.factors, matrix.values.end(), 0.0f);
  matrix.biases.back() = 0.0f;
}

TEST(Objective, NeverRisesAfterAnyHalfStep) {
  Arena arena(2);
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(8)) {
    const bool biases = HasBiases(hyperparameters);
    const Dataset dataset = RandomDataset(hyperparameters.feedback, kObjectiveUsers, kObjectiveItems, 0.2, 1);
    FactorMatrix users = RandomFactors(kObjectiveUsers, 8, biases, 2);
    FactorMatrix items = RandomFactors(kObjectiveItems, 8, biases, 3);
    MakeFeasible(hyperparameters, items);
    for (FactorMatrix* side : {&users, &items}) ClearLastRow(*side);  // it has no entries
    const double mean = MeanFor(dataset);
    double previous = Objective(dataset, hyperparameters, mean, users, items, arena);
    const double first = previous;
    for (int step = 0; step < 24; ++step) {
      const bool user_step = step % 2 == 0;
      const FactorMatrix& other = user_step ? items : users;
      ASSERT_TRUE(SolveHalfStep(OtherSide(hyperparameters, other, mean).Fixed(),
                                user_step ? dataset.by_user : dataset.by_item, arena, nullptr,
                                user_step ? &users : &items)
                      .ok());
      const double objective = Objective(dataset, hyperparameters, mean, users, items, arena);
      EXPECT_LE(objective, previous * (1.0 + 1e-7)) << Describe(hyperparameters) << ", step " << step;
      previous = objective;
    }
    EXPECT_LT(previous, 0.9 * first);
  }
}

TEST(Objective, HasTheSameBitsAtAnyNumberOfThreads) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(5)) {
    const Dataset dataset = RandomDataset(hyperparameters.feedback, 1000, kObjectiveItems, 0.1, 1);
    const FactorMatrix users = RandomFactors(1000, 5, false, 2);
    const FactorMatrix items = RandomFactors(kObjectiveItems, 5, false, 3);
    Arena one(1), three(3);
    EXPECT_EQ(Objective(dataset, hyperparameters, 0.0, users, items, one),
              Objective(dataset, hyperparameters, 0.0, users, items, three));
  }
}

TEST(Objective, OfHuAtUnobservedWeightOneIsThatOfThePaper) {
  // sum over all pairs (1 + alpha r) (p - s)^2 + lambda (sum |x|^2 + sum |y|^2), Hu, Koren, Volinsky 2008.
  Hyperparameters hyperparameters;
  hyperparameters.factors = 3;
  hyperparameters.confidence_form = ConfidenceForm::kHu;
  hyperparameters.regularization_scaling = RegularizationScaling::kNone;
  hyperparameters.regularization = 0.5;
  hyperparameters.confidence_scale = 40.0;
  hyperparameters.unobserved_weight = 1.0;
  const std::vector<float> dense = {1, 0, 2, 0, 3, 0};
  const Dataset dataset = MakeDataset(Feedback::kImplicit, 2, 3, dense);
  const FactorMatrix users = RandomFactors(2, 3, false, 5), items = RandomFactors(3, 3, false, 6);
  double expected = 0.0;
  for (uint32_t user = 0; user < 2; ++user) {
    for (uint32_t item = 0; item < 3; ++item) {
      const double r = dense[user * 3 + item];
      double error = r > 0 ? 1.0 : 0.0;
      for (size_t k = 0; k < 3; ++k) error -= double{users.Row(user)[k]} * double{items.Row(item)[k]};
      expected += (1.0 + 40.0 * r) * error * error;
    }
  }
  for (const float factor : users.values) expected += 0.5 * factor * factor;
  for (const float factor : items.values) expected += 0.5 * factor * factor;
  Arena arena(1);
  EXPECT_NEAR(Objective(dataset, hyperparameters, 0.0, users, items, arena), expected, 1e-5 * expected);
}

}  // namespace
}  // namespace ridgeline
