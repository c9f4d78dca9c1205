#include "core/als/half_step.h"

#include <cmath>
#include <limits>
#include <vector>

#include "core/als/bias_initialization.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/naive_loss.h"
#include "tests/core/als/other_side.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

constexpr uint32_t kHalfStepUsers = 70;
constexpr uint32_t kHalfStepItems = 40;

// A half step's inputs, for the users.
struct HalfStepProblem {
  HalfStepProblem(const Hyperparameters& given, double density)
      : hyperparameters(given),
        dataset(RandomDataset(given.feedback, kHalfStepUsers, kHalfStepItems, density, 3)),
        items(RandomFactors(kHalfStepItems, given.factors, HasBiases(given), 4)),
        global_mean(given.feedback == Feedback::kExplicit ? MeanValue(dataset.by_user) : 0.0),
        side(hyperparameters, items, global_mean) {}

  FixedSide Fixed() const { return side.Fixed(); }

  FactorMatrix Solve(int threads) const {
    Arena arena(threads);
    FactorMatrix users;
    const absl::Status status = SolveHalfStep(Fixed(), dataset.by_user, arena, nullptr, &users);
    EXPECT_TRUE(status.ok()) << status;
    return users;
  }

  Hyperparameters hyperparameters;
  Dataset dataset;
  FactorMatrix items;
  double global_mean;
  OtherSide side;
};

// Solves the system in double by elimination with pivots; `matrix` is [n x n + 1], the right side last.
std::vector<double> SolveDense(std::vector<std::vector<double>> matrix) {
  const size_t n = matrix.size();
  for (size_t column = 0; column < n; ++column) {
    size_t pivot = column;
    for (size_t row = column; row < n; ++row) {
      if (std::abs(matrix[row][column]) > std::abs(matrix[pivot][column])) pivot = row;
    }
    std::swap(matrix[column], matrix[pivot]);
    for (size_t row = 0; row < n; ++row) {
      if (row == column) continue;
      const double factor = matrix[row][column] / matrix[column][column];
      for (size_t k = column; k <= n; ++k) matrix[row][k] -= factor * matrix[column][k];
    }
  }
  std::vector<double> solution(n);
  for (size_t row = 0; row < n; ++row) solution[row] = matrix[row][n] / matrix[row][row];
  return solution;
}

TEST(HalfStep, MakesTheGradientOverAllPairsVanishAtEveryRow) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(9)) {
    const HalfStepProblem problem(hyperparameters, 0.3);
    const FactorMatrix users = problem.Solve(2);
    const NaiveLoss loss(problem.dataset.by_user, hyperparameters, problem.global_mean, users, problem.items);
    for (uint32_t user = 0; user < kHalfStepUsers; ++user) {
      if (problem.dataset.by_user.RowEntries(user) == 0) continue;
      EXPECT_LT(loss.RelativeGradient(user), 5e-5) << Describe(hyperparameters) << ", user " << user;
    }
  }
}

TEST(HalfStep, SolvesTheBiasJointlyAsADenseSolverDoes) {
  Hyperparameters hyperparameters = AllForms(5).front();
  const HalfStepProblem problem(hyperparameters, 0.4);
  const FactorMatrix users = problem.Solve(1);
  for (uint32_t user = 0; user + 1 < kHalfStepUsers; ++user) {
    std::vector<std::vector<double>> system(6, std::vector<double>(7, 0.0));
    for (size_t k = 0; k < 6; ++k) system[k][k] = k < 5 ? 0.1 : 0.07;
    const auto columns = problem.dataset.by_user.RowColumns(user);
    for (size_t entry = 0; entry < columns.size(); ++entry) {
      const auto factors = problem.items.Row(columns[entry]);
      std::vector<double> extended(factors.begin(), factors.end());
      extended.push_back(1.0);
      const double target = problem.dataset.by_user.RowValues(user)[entry] - problem.global_mean -
                            problem.items.biases[columns[entry]];
      for (size_t i = 0; i < 6; ++i) {
        for (size_t j = 0; j < 6; ++j) system[i][j] += extended[i] * extended[j];
        system[i][6] += target * extended[i];
      }
    }
    const std::vector<double> expected = SolveDense(system);
    for (size_t k = 0; k < 5; ++k) EXPECT_NEAR(users.Row(user)[k], expected[k], 1e-4);
    EXPECT_NEAR(users.biases[user], expected[5], 1e-4);
  }
}

TEST(HalfStep, SolvesBiasesOfImplicitModelsOverAllPairsAsADenseSolverDoes) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(4)) {
    if (!hyperparameters.implicit_biases || hyperparameters.non_negative) continue;
    if (hyperparameters.regularization_scaling != RegularizationScaling::kNone) continue;
    const bool is_hu = hyperparameters.confidence_form == ConfidenceForm::kHu;
    const HalfStepProblem problem(hyperparameters, 0.4);
    const FactorMatrix users = problem.Solve(1);
    for (uint32_t user = 0; user + 1 < kHalfStepUsers; ++user) {
      std::vector<std::vector<double>> system(5, std::vector<double>(6, 0.0));
      for (size_t k = 0; k < 5; ++k) system[k][k] = k < 4 ? 0.1 : 0.07;
      std::vector<double> values(kHalfStepItems, 0.0);
      const auto columns = problem.dataset.by_user.RowColumns(user);
      for (size_t entry = 0; entry < columns.size(); ++entry) {
        values[columns[entry]] = problem.dataset.by_user.RowValues(user)[entry];
      }
      for (uint32_t item = 0; item < kHalfStepItems; ++item) {
        const auto factors = problem.items.Row(item);
        std::vector<double> extended(factors.begin(), factors.end());
        extended.push_back(1.0);
        const double confidence = 1.5 * std::log(1.0 + values[item] / 0.25);
        const double bias = problem.items.biases[item];
        const double to_one = values[item] == 0.0 ? 0.0 : confidence + (is_hu ? 0.3 : 0.0);
        const double weight = confidence + 0.3;  // of (target - s)^2 in all, written as one square a pair
        const double target = to_one - weight * bias;
        for (size_t i = 0; i < 5; ++i) {
          for (size_t j = 0; j < 5; ++j) system[i][j] += weight * extended[i] * extended[j];
          system[i][5] += target * extended[i];
        }
      }
      const std::vector<double> expected = SolveDense(system);
      for (size_t k = 0; k < 4; ++k) EXPECT_NEAR(users.Row(user)[k], expected[k], 1e-4);
      EXPECT_NEAR(users.biases[user], expected[4], 1e-4);
    }
  }
}

TEST(HalfStep, KeepsFactorsAtZeroOrAboveWhereAskedFor) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(9)) {
    if (!hyperparameters.non_negative) continue;
    const FactorMatrix users = HalfStepProblem(hyperparameters, 0.3).Solve(2);
    EXPECT_THAT(users.values, testing::Each(testing::Ge(0.0f)));
    EXPECT_THAT(users.values, testing::Contains(testing::Gt(0.0f)));
  }
}

TEST(HalfStep, GivesTheSameBitsAtAnyNumberOfThreads) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(17)) {
    const HalfStepProblem problem(hyperparameters, 0.3);
    const FactorMatrix expected = problem.Solve(1);
    for (const int threads : {2, 3}) {
      const FactorMatrix users = problem.Solve(threads);
      EXPECT_EQ(users.values, expected.values);
      EXPECT_EQ(users.biases, expected.biases);
    }
  }
}

TEST(HalfStep, LeavesNothingInRowsWithoutEntries) {
  for (const Hyperparameters& hyperparameters : AllFormsAndOptions(4)) {
    const HalfStepProblem problem(hyperparameters, 0.3);
    Arena arena(1);
    FactorMatrix users = RandomFactors(kHalfStepUsers, 4, true, 9);
    ASSERT_TRUE(SolveHalfStep(problem.Fixed(), problem.dataset.by_user, arena, nullptr, &users).ok());
    EXPECT_THAT(users.Row(kHalfStepUsers - 1), testing::Each(0.0f));
    EXPECT_EQ(users.biases[kHalfStepUsers - 1], 0.0f);
  }
}

TEST(HalfStep, StopsWhenItIsCancelled) {
  const HalfStepProblem problem(AllForms(4).front(), 0.3);
  Arena arena(2);
  CancellationToken cancellation;
  cancellation.Cancel();
  FactorMatrix users;
  const absl::Status status =
      SolveHalfStep(problem.Fixed(), problem.dataset.by_user, arena, &cancellation, &users);
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
}

TEST(HalfStep, NamesTheFirstRowThatCannotBeSolved) {
  HalfStepProblem problem(AllForms(4).front(), 1.0);
  // Beyond the first block, so that another block may fail earlier in time.
  problem.dataset.by_user.values[size_t{35} * (kHalfStepItems - 1)] = std::numeric_limits<float>::infinity();
  problem.dataset.by_user.values[size_t{66} * (kHalfStepItems - 1)] = std::numeric_limits<float>::infinity();
  Arena arena(2);
  FactorMatrix users;
  const absl::Status status = SolveHalfStep(problem.Fixed(), problem.dataset.by_user, arena, nullptr, &users);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("row 35:"));
}

}  // namespace
}  // namespace ridgeline
