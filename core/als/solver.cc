#include "core/als/solver.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

constexpr int kMaxSubspaceSize = 4096;
constexpr int kMaxSteps = 1000;
constexpr Solver kSolvers[] = {Solver::kExact, Solver::kConjugateGradient, Solver::kSubspace, Solver::kAuto};

// Rows of so few entries are solved exactly, in the space of their entries, in the time of a few steps.
constexpr int64_t kShortRow = 16;
// Up to this dimension a row's rank update costs no more than the steps' passes over its entries.
constexpr int kSmallDimension = 80;

absl::Status ValidateRange(absl::string_view field, int value, int high) {
  if (value >= 1 && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(field, ": must be between 1 and ", high, ", got ", value));
}

}  // namespace

absl::Status ValidateSolverOptions(const SolverOptions& options) {
  RIDGELINE_RETURN_IF_ERROR(ValidateRange("subspace_size", options.subspace_size, kMaxSubspaceSize));
  return ValidateRange("conjugate_gradient_steps", options.conjugate_gradient_steps, kMaxSteps);
}

Solver MethodForRow(const SolverOptions& options, int64_t entries, int dimension) {
  if (options.solver != Solver::kAuto) return options.solver;
  const bool cheap = entries <= kShortRow || dimension <= kSmallDimension;
  return cheap ? Solver::kExact : Solver::kConjugateGradient;
}

absl::string_view SolverName(Solver solver) {
  switch (solver) {
    case Solver::kExact:
      return "exact";
    case Solver::kConjugateGradient:
      return "cg";
    case Solver::kSubspace:
      return "subspace";
    case Solver::kAuto:
      break;
  }
  return "auto";
}

absl::StatusOr<Solver> ParseSolver(absl::string_view name) {
  for (const Solver solver : kSolvers) {
    if (name == SolverName(solver)) return solver;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("solver: must be exact, cg, subspace or auto, got '", name, "'"));
}

}  // namespace ridgeline
