#include "core/als/fold_in.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/als/half_step.h"
#include "core/als/row_system.h"
#include "core/base/status_macros.h"
#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

// `history` is sorted.
absl::StatusOr<UserVector> Solve(const FixedSide& fixed, const History& history,
                                 HalfStepWorkspace& workspace) {
  UserVector solved;
  solved.factors.resize(static_cast<size_t>(fixed.other->factors));
  RIDGELINE_RETURN_IF_ERROR(SolveHalfStepRow(fixed, history.rows, history.values, workspace,
                                             absl::MakeSpan(solved.factors), &solved.bias));
  return solved;
}

absl::StatusOr<UserVector> FoldIn(const FixedSide& fixed, const History& history) {
  RIDGELINE_ASSIGN_OR_RETURN(const History sorted, ValidateAndSort(history, fixed));
  HalfStepWorkspace workspace;
  return Solve(fixed, sorted, workspace);
}

absl::Status ValidatePrior(const FactorModel& model, const UserVector& prior) {
  if (static_cast<int>(prior.factors.size()) != model.factors()) {
    return absl::InvalidArgumentError(
        absl::StrCat("prior: has ", prior.factors.size(), " factors, the model has ", model.factors()));
  }
  if (!NeedsExactSolver(model.hyperparameters())) return absl::OkStatus();
  return absl::InvalidArgumentError("prior: not with non_negative or implicit_biases");
}

}  // namespace

absl::StatusOr<UserVector> FoldInUser(const FactorModel& model, const History& history) {
  return FoldIn(FixedItems(model), history);
}

absl::StatusOr<UserVector> FoldInItem(const FactorModel& model, const History& history) {
  return FoldIn(FixedUsers(model), history);
}

absl::StatusOr<UserVector> FoldInItemAround(const FactorModel& model, const History& history,
                                            const UserVector& prior) {
  RIDGELINE_RETURN_IF_ERROR(ValidatePrior(model, prior));
  const FixedSide fixed = FixedUsers(model);
  RIDGELINE_ASSIGN_OR_RETURN(const History sorted, ValidateAndSort(history, fixed));
  if (sorted.size() == 0) return prior;
  HalfStepWorkspace workspace;
  const kernels::RowSystem system = BuildRowSystem(fixed, sorted.rows, sorted.values, workspace);
  for (size_t at = 0; at < sorted.size(); ++at) {
    float expected = system.append_one ? prior.bias : 0.0f;
    expected += kernels::Dot(fixed.other->Row(sorted.rows[at]).data(), prior.factors.data(), model.factors());
    workspace.targets[at] -= system.weights == nullptr ? expected : system.weights[at] * expected;
  }
  std::vector<float> solved(static_cast<size_t>(system.dimension()));
  if (!kernels::SolveRow(system, workspace.row, solved.data())) {
    return absl::InternalError("history: its ridge system has no finite solution");
  }
  UserVector item = prior;
  for (size_t k = 0; k < item.factors.size(); ++k) item.factors[k] += solved[k];
  if (system.append_one) item.bias += solved.back();
  return item;
}

}  // namespace ridgeline
