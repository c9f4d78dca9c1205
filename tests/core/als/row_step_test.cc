#include "core/als/row_step.h"

#include <cmath>
#include <tuple>
#include <vector>

#include "core/als/bias_initialization.h"
#include "core/als/objective.h"
#include "core/als/principal_axes.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

constexpr uint32_t kRowStepUsers = 60;
constexpr uint32_t kRowStepItems = 45;
constexpr int kRowStepFactors = 12;

// Both sides as they are in the middle of a training, in the items' principal axes.
struct RowStepProblem {
  explicit RowStepProblem(Feedback feedback)
      : hyperparameters(DefaultHyperparameters(feedback)),
        dataset(RandomDataset(feedback, kRowStepUsers, kRowStepItems, 0.3, 5)),
        items(RandomFactors(kRowStepItems, kRowStepFactors, feedback == Feedback::kExplicit, 6)),
        users(RandomFactors(kRowStepUsers, kRowStepFactors, feedback == Feedback::kExplicit, 7)) {
    hyperparameters.factors = kRowStepFactors;
    Arena arena(1);
    diagonal = TurnToPrincipalAxes(arena, &items, &users);
    if (feedback == Feedback::kExplicit) global_mean = MeanValue(dataset.by_user);
  }

  FixedSide Fixed() const {
    FixedSide fixed{&hyperparameters, &items};
    fixed.global_mean = global_mean;
    if (dataset.feedback == Feedback::kImplicit) fixed.gramian_diagonal = &diagonal;
    return fixed;
  }

  FactorMatrix Solve(const SolverOptions& solver) const {
    Arena arena(2);
    FactorMatrix solved = users;
    const absl::Status status = SolveHalfStep(Fixed(), dataset.by_user, arena, nullptr, &solved, solver);
    EXPECT_TRUE(status.ok()) << status;
    return solved;
  }

  double ObjectiveOf(const FactorMatrix& solved) const {
    Arena arena(1);
    return Objective(dataset, hyperparameters, global_mean, solved, items, arena);
  }

  Hyperparameters hyperparameters;
  Dataset dataset;
  FactorMatrix items, users;
  std::vector<float> diagonal;
  double global_mean = 0.0;
};

void ExpectNear(const FactorMatrix& a, const FactorMatrix& b, double tolerance) {
  for (size_t at = 0; at < a.values.size(); ++at) ASSERT_NEAR(a.values[at], b.values[at], tolerance) << at;
  for (size_t at = 0; at < a.biases.size(); ++at) ASSERT_NEAR(a.biases[at], b.biases[at], tolerance) << at;
}

class RowStep : public testing::TestWithParam<Feedback> {};

TEST_P(RowStep, OfEverySolverAgreesWhenItMayGoAllTheWay) {
  const RowStepProblem problem(GetParam());
  const FactorMatrix exact = problem.Solve({Solver::kExact});
  ExpectNear(problem.Solve({Solver::kSubspace, kRowStepFactors, 1}), exact, 2e-4);
  ExpectNear(problem.Solve({Solver::kConjugateGradient, 1, 3 * kRowStepFactors}), exact, 2e-3);
}

TEST_P(RowStep, OfNoSolverRaisesTheObjective) {
  const RowStepProblem problem(GetParam());
  const double start = problem.ObjectiveOf(problem.users);
  const double least = problem.ObjectiveOf(problem.Solve({Solver::kExact}));
  for (const SolverOptions& solver :
       {SolverOptions{Solver::kSubspace, 1, 1}, SolverOptions{Solver::kSubspace, 5, 1},
        SolverOptions{Solver::kSubspace, 100, 1}, SolverOptions{Solver::kConjugateGradient, 1, 1},
        SolverOptions{Solver::kConjugateGradient, 1, 2}}) {
    const double after = problem.ObjectiveOf(problem.Solve(solver));
    EXPECT_LT(after, start);
    EXPECT_GE(after, least * (1.0 - 1e-6));
  }
}

TEST_P(RowStep, ComesToTheExactSolutionByRepeatedSweepsOverBlocks) {
  RowStepProblem problem(GetParam());
  const FactorMatrix exact = problem.Solve({Solver::kExact});
  for (int sweep = 0; sweep < 400; ++sweep) problem.users = problem.Solve({Solver::kSubspace, 5, 1});
  ExpectNear(problem.users, exact, 5e-3);
}

TEST_P(RowStep, GivesTheSameBitsAtAnyNumberOfThreads) {
  const RowStepProblem problem(GetParam());
  for (const SolverOptions& solver :
       {SolverOptions{Solver::kSubspace, 5, 1}, SolverOptions{Solver::kConjugateGradient}}) {
    FactorMatrix one = problem.users, three = problem.users;
    Arena single(1), triple(3);
    ASSERT_TRUE(SolveHalfStep(problem.Fixed(), problem.dataset.by_user, single, nullptr, &one, solver).ok());
    ASSERT_TRUE(
        SolveHalfStep(problem.Fixed(), problem.dataset.by_user, triple, nullptr, &three, solver).ok());
    EXPECT_EQ(one.values, three.values);
    EXPECT_EQ(one.biases, three.biases);
  }
}

TEST_P(RowStep, KeepsARowWithoutEntriesAtZero) {
  const RowStepProblem problem(GetParam());
  HalfStepWorkspace workspace;
  std::vector<float> factors(kRowStepFactors, 0.3f);
  float bias = 0.2f;
  ASSERT_TRUE(StepRow(problem.Fixed(), {}, {}, {Solver::kConjugateGradient}, workspace,
                      absl::MakeSpan(factors), &bias)
                  .ok());
  EXPECT_EQ(factors, std::vector<float>(kRowStepFactors, 0.0f));
  EXPECT_EQ(bias, 0.0f);
}

INSTANTIATE_TEST_SUITE_P(Feedback, RowStep, testing::Values(Feedback::kExplicit, Feedback::kImplicit));

}  // namespace
}  // namespace ridgeline
