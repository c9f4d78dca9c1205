#ifndef RIDGELINE_CORE_ALS_SOLVER_H_
#define RIDGELINE_CORE_ALS_SOLVER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// How the rows of a half step are solved. All lower the same objective; they differ in what a pass costs and
/// gains. Whichever is chosen, the last pass of a training is exact, so that fold-in agrees with the model.
enum class Solver {
  kExact,              ///< Cholesky; a pass costs about n K^2 a row of n > K entries, less below
  kConjugateGradient,  ///< a few steps from the row as it is, n K each (Takacs, Pilaszy, Tikk 2011)
  kSubspace,  ///< blocks of coordinates in turn, each exact given the rest (iALS++: Rendle et al. 2021)
  kAuto,      ///< row by row, what is cheaper for the gain: see MethodForRow
};

/// A solver with its settings. A plain value.
struct SolverOptions {
  Solver solver = Solver::kAuto;
  int subspace_size = 64;            ///< coordinates a block of kSubspace; 1 to 4096
  int conjugate_gradient_steps = 2;  ///< of kConjugateGradient a row and pass; 1 to 1000
};

/// OK, or kInvalidArgument beginning with the option's name.
absl::Status ValidateSolverOptions(const SolverOptions& options);

/// The method for a row of `entries` at a system of `dimension`; never kAuto. What kAuto picks depends on the
/// two numbers alone, by costs measured once (core/als/README.md): a choice by the clock would not repeat.
Solver MethodForRow(const SolverOptions& options, int64_t entries, int dimension);

/// "exact", "cg", "subspace" or "auto". The view lives for ever.
absl::string_view SolverName(Solver solver);

/// The solver of that name; kInvalidArgument beginning with "solver" otherwise.
absl::StatusOr<Solver> ParseSolver(absl::string_view name);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_SOLVER_H_
