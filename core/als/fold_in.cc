#include "core/als/fold_in.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/als/half_step.h"
#include "core/base/status_macros.h"
#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

absl::Status ValidateEntry(uint32_t row, float value, size_t rows, Feedback feedback) {
  if (row >= rows) {
    return absl::InvalidArgumentError(
        absl::StrCat("history: row ", row, " is out of range, the model has ", rows));
  }
  if (!std::isfinite(value) || (feedback == Feedback::kImplicit && value <= 0.0f)) {
    return absl::InvalidArgumentError(absl::StrCat("history: the value of row ", row, " must be finite",
                                                   feedback == Feedback::kImplicit ? " and positive" : "",
                                                   ", got ", value));
  }
  return absl::OkStatus();
}

// `history` against `rows` rows of the other side in ascending order, as the half step reads it.
absl::StatusOr<History> ValidateAndSort(const History& history, size_t rows, Feedback feedback) {
  if (history.rows.size() != history.values.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("history: has ", history.rows.size(), " rows and ", history.values.size(), " values"));
  }
  std::vector<size_t> order(history.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return history.rows[a] < history.rows[b]; });
  History sorted;
  for (const size_t at : order) {
    RIDGELINE_RETURN_IF_ERROR(ValidateEntry(history.rows[at], history.values[at], rows, feedback));
    if (!sorted.rows.empty() && sorted.rows.back() == history.rows[at]) {
      return absl::InvalidArgumentError(absl::StrCat("history: row ", history.rows[at], " is repeated"));
    }
    sorted.rows.push_back(history.rows[at]);
    sorted.values.push_back(history.values[at]);
  }
  return sorted;
}

FixedSide Fixed(const FactorModel& model, const FactorMatrix& other, const std::vector<float>& gramian) {
  return {&model.hyperparameters(), &other, &gramian, model.global_mean()};
}

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
  RIDGELINE_ASSIGN_OR_RETURN(const History sorted,
                             ValidateAndSort(history, fixed.other->rows(), fixed.hyperparameters->feedback));
  HalfStepWorkspace workspace;
  return Solve(fixed, sorted, workspace);
}

// The parts of x . y_item, in the order of the sorted history: x = W sum t_j h_j, so x . y is the sum over j
// of t_j h_j . (W y), and W y is one solve with y on the right side.
absl::StatusOr<std::vector<ScorePart>> Parts(const FixedSide& fixed, const History& history,
                                             uint32_t item_row, HalfStepWorkspace& workspace) {
  if (history.size() == 0) return std::vector<ScorePart>();
  kernels::RowSystem system = BuildRowSystem(fixed, history.rows, history.values, workspace);
  const absl::Span<const float> item = fixed.other->Row(item_row);
  std::vector<float> right_side(item.begin(), item.end());
  right_side.resize(static_cast<size_t>(system.dimension()), 0.0f);
  system.right_side = right_side.data();
  std::vector<float> solved(right_side.size());
  if (!kernels::SolveRow(system, workspace.row, solved.data())) {
    return absl::InternalError("history: its ridge system has no finite solution");
  }
  std::vector<ScorePart> parts;
  for (size_t at = 0; at < history.size(); ++at) {
    double product = system.append_one ? solved.back() : 0.0f;
    product += kernels::Dot(fixed.other->Row(history.rows[at]).data(), solved.data(), fixed.other->factors);
    parts.push_back({history.rows[at], static_cast<float>(workspace.targets[at] * product)});
  }
  return parts;
}

}  // namespace

absl::StatusOr<UserVector> FoldInUser(const FactorModel& model, const History& history) {
  return FoldIn(Fixed(model, model.items(), model.item_gramian()), history);
}

absl::StatusOr<UserVector> FoldInItem(const FactorModel& model, const History& history) {
  return FoldIn(Fixed(model, model.users(), model.user_gramian()), history);
}

absl::StatusOr<ScoreExplanation> ExplainScore(const FactorModel& model, const History& history,
                                              uint32_t item_row) {
  if (item_row >= model.items().rows()) {
    return absl::InvalidArgumentError(absl::StrCat("item_row: ", item_row, " is out of range, the model has ",
                                                   model.items().rows(), " items"));
  }
  const FixedSide fixed = Fixed(model, model.items(), model.item_gramian());
  RIDGELINE_ASSIGN_OR_RETURN(
      const History sorted, ValidateAndSort(history, model.items().rows(), model.hyperparameters().feedback));
  HalfStepWorkspace workspace;
  RIDGELINE_ASSIGN_OR_RETURN(const UserVector user, Solve(fixed, sorted, workspace));
  ScoreExplanation explanation;
  RIDGELINE_ASSIGN_OR_RETURN(explanation.parts, Parts(fixed, sorted, item_row, workspace));
  std::stable_sort(explanation.parts.begin(), explanation.parts.end(),
                   [](const ScorePart& a, const ScorePart& b) {
                     return std::abs(a.contribution) > std::abs(b.contribution);
                   });
  explanation.score = model.Score(user, item_row);
  explanation.global_mean = static_cast<float>(model.global_mean());
  explanation.user_bias = user.bias;
  explanation.item_bias = model.items().biases[item_row];
  return explanation;
}

}  // namespace ridgeline
