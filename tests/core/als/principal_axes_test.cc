#include "core/als/principal_axes.h"

#include <vector>

#include "core/als/gramian.h"
#include "core/als/half_step.h"
#include "core/als/objective.h"
#include "core/kernels/kernels.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

constexpr uint32_t kTurnedUsers = 60;
constexpr uint32_t kTurnedItems = 2000;
constexpr int kTurnedFactors = 20;

float ProductOfRows(const FactorMatrix& a, uint32_t row_a, const FactorMatrix& b, uint32_t row_b) {
  return kernels::Dot(a.Row(row_a).data(), b.Row(row_b).data(), a.factors);
}

TEST(PrincipalAxes, MakeTheGramianDiagonalInFallingOrder) {
  FactorMatrix items = RandomFactors(kTurnedItems, kTurnedFactors, false, 1);
  Arena arena(2);
  const std::vector<float> diagonal = TurnToPrincipalAxes(arena, &items);
  const std::vector<double> gramian = ParallelGramian(items, arena);
  for (int i = 0; i < kTurnedFactors; ++i) {
    for (int j = 0; j < kTurnedFactors; ++j) {
      EXPECT_NEAR(gramian[i * kTurnedFactors + j], i == j ? diagonal[i] : 0.0, 1e-5 * diagonal[0])
          << i << " " << j;
    }
    if (i > 0) {
      EXPECT_LE(diagonal[i], diagonal[i - 1]);
    }
  }
}

TEST(PrincipalAxes, KeepTheProductsOfRows) {
  const FactorMatrix before = RandomFactors(kTurnedItems, kTurnedFactors, false, 1);
  FactorMatrix after = before;
  Arena arena(1);
  TurnToPrincipalAxes(arena, &after);
  for (uint32_t row = 0; row + 1 < 100; ++row) {
    EXPECT_NEAR(ProductOfRows(after, row, after, row + 1), ProductOfRows(before, row, before, row + 1), 1e-5);
  }
}

TEST(PrincipalAxes, GiveTheScoresOfTheHalfStepInTheOldAxes) {
  Hyperparameters hyperparameters;
  hyperparameters.factors = kTurnedFactors;
  const Dataset dataset = RandomDataset(Feedback::kImplicit, kTurnedUsers, kTurnedItems, 0.01, 3);
  FactorMatrix items = RandomFactors(kTurnedItems, kTurnedFactors, false, 1);
  const FactorMatrix turned_from = items;
  Arena arena(2);
  const std::vector<float> gramian = Gramian(items);
  FactorMatrix users, turned_users;
  ASSERT_TRUE(
      SolveHalfStep({&hyperparameters, &items, &gramian}, dataset.by_user, arena, nullptr, &users).ok());
  const std::vector<float> diagonal = TurnToPrincipalAxes(arena, &items);
  FixedSide fixed{&hyperparameters, &items};
  fixed.gramian_diagonal = &diagonal;
  ASSERT_TRUE(SolveHalfStep(fixed, dataset.by_user, arena, nullptr, &turned_users).ok());
  for (uint32_t user = 0; user < kTurnedUsers; ++user) {
    for (uint32_t item = 0; item < 50; ++item) {
      EXPECT_NEAR(ProductOfRows(turned_users, user, items, item),
                  ProductOfRows(users, user, turned_from, item), 1e-4);
    }
  }
}

TEST(PrincipalAxes, PayWhereManyRowsAreShorterThanK) {
  const Dataset few = RandomDataset(Feedback::kImplicit, 500, 100, 0.05, 3);
  const Dataset many = RandomDataset(Feedback::kImplicit, 1500, 100, 0.05, 3);
  EXPECT_FALSE(PrincipalAxesPay(few.by_user, 64));
  EXPECT_TRUE(PrincipalAxesPay(many.by_user, 64));
  EXPECT_FALSE(PrincipalAxesPay(many.by_user, 1)) << "no row is shorter";
}

}  // namespace
}  // namespace ridgeline
