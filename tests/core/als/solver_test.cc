#include "core/als/solver.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

TEST(Solver, IsReadByTheNameThatItPrints) {
  for (const Solver solver : {Solver::kExact, Solver::kConjugateGradient, Solver::kSubspace, Solver::kAuto}) {
    const auto parsed = ParseSolver(SolverName(solver));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, solver);
  }
  EXPECT_THAT(std::string(ParseSolver("newton").status().message()), StartsWith("solver: "));
}

TEST(Solver, NamesTheOptionThatIsOutOfRange) {
  EXPECT_TRUE(ValidateSolverOptions(SolverOptions()).ok());
  for (const int bad : {0, -1, 5000}) {
    EXPECT_THAT(std::string(ValidateSolverOptions({Solver::kSubspace, bad, 3}).message()),
                StartsWith("subspace_size: "));
    EXPECT_THAT(std::string(ValidateSolverOptions({Solver::kConjugateGradient, 8, bad}).message()),
                StartsWith("conjugate_gradient_steps: "));
  }
}

TEST(Solver, KeepsTheMethodThatWasAskedFor) {
  EXPECT_EQ(MethodForRow({Solver::kSubspace}, 3, 8), Solver::kSubspace);
  EXPECT_EQ(MethodForRow({Solver::kExact}, 100'000, 512), Solver::kExact);
}

TEST(Solver, SolvesShortRowsAndSmallModelsExactlyWhereItChooses) {
  const SolverOptions automatic;
  EXPECT_EQ(MethodForRow(automatic, 5, 512), Solver::kExact);
  EXPECT_EQ(MethodForRow(automatic, 100'000, 64), Solver::kExact);
  EXPECT_EQ(MethodForRow(automatic, 500, 128), Solver::kConjugateGradient);
}

}  // namespace
}  // namespace ridgeline
