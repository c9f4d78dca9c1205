#include "core/als/score_explainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/als/fold_in.h"
#include "core/als/row_system.h"
#include "core/base/status_macros.h"
#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

// The coordinates of the user's system that its solution lets move: all of them, or those above 0 and the
// bias.
std::vector<int> FreeCoordinates(const UserVector& user, const kernels::RowSystem& system,
                                 bool non_negative) {
  std::vector<int> free;
  for (int k = 0; k < system.dimension(); ++k) {
    const bool is_bias = k == system.factor_count;
    if (is_bias || !non_negative || user.factors[static_cast<size_t>(k)] > 0.0f) free.push_back(k);
  }
  return free;
}

}  // namespace

absl::StatusOr<ScoreExplainer> ScoreExplainer::Create(const FactorModel& model, const History& history) {
  const FixedSide fixed = FixedItems(model);
  RIDGELINE_ASSIGN_OR_RETURN(History sorted, ValidateAndSort(history, fixed));
  RIDGELINE_ASSIGN_OR_RETURN(UserVector user, FoldInUser(model, sorted));
  HalfStepWorkspace workspace;
  const kernels::RowSystem system = BuildRowSystem(fixed, sorted.rows, sorted.values, workspace);
  std::vector<int> free;  // of an empty history nothing is to be solved, nor has its matrix to be definite
  if (sorted.size() > 0) free = FreeCoordinates(user, system, model.hyperparameters().non_negative);
  RIDGELINE_ASSIGN_OR_RETURN(FactoredRow matrix, FactoredRow::Create(system, std::move(free)));
  return ScoreExplainer(&model, std::move(sorted), std::move(user), std::move(workspace.targets),
                        std::move(matrix));
}

ScoreExplainer::ScoreExplainer(const FactorModel* model, History history, UserVector user,
                               std::vector<float> targets, FactoredRow matrix)
    : model_(model),
      history_(std::move(history)),
      user_(std::move(user)),
      targets_(std::move(targets)),
      matrix_(std::move(matrix)) {}

absl::StatusOr<ScoreExplanation> ScoreExplainer::Explain(uint32_t item_row) const {
  if (item_row >= model_->items().rows()) {
    return absl::InvalidArgumentError(absl::StrCat("item_row: ", item_row, " is out of range, the model has ",
                                                   model_->items().rows(), " items"));
  }
  ScoreExplanation explanation;
  explanation.score = model_->Score(user_, item_row);
  explanation.global_mean = static_cast<float>(model_->global_mean());
  explanation.user_bias = user_.bias;
  explanation.item_bias = model_->items().biases[item_row];
  if (history_.size() > 0) TakeApart(SolveFor(item_row), explanation);
  std::stable_sort(explanation.parts.begin(), explanation.parts.end(),
                   [](const ScorePart& a, const ScorePart& b) {
                     return std::abs(a.contribution) > std::abs(b.contribution);
                   });
  return explanation;
}

std::vector<float> ScoreExplainer::SolveFor(uint32_t item_row) const {
  const absl::Span<const float> item = model_->items().Row(item_row);
  std::vector<double> solved(item.begin(), item.end());
  solved.resize(static_cast<size_t>(matrix_.dimension()), 0.0);
  matrix_.Solve(absl::MakeSpan(solved));
  return {solved.begin(), solved.end()};
}

// x = W (sum t_j h_j - alpha0 moment), so x . y is the sum over j of t_j h_j . (W y), less alpha0 moment .
// (W y).
void ScoreExplainer::TakeApart(const std::vector<float>& solved, ScoreExplanation& explanation) const {
  const FactorMatrix& items = model_->items();
  const bool append_one = HasBiases(model_->hyperparameters());
  for (size_t at = 0; at < history_.size(); ++at) {
    double product = append_one ? solved.back() : 0.0f;
    product += kernels::Dot(items.Row(history_.rows[at]).data(), solved.data(), items.factors);
    explanation.parts.push_back({history_.rows[at], static_cast<float>(targets_[at] * product)});
  }
  if (!model_->hyperparameters().implicit_biases) return;
  const double pull =
      std::inner_product(solved.begin(), solved.end(), model_->item_bias_moment().begin(), 0.0);
  explanation.unobserved = static_cast<float>(-model_->hyperparameters().unobserved_weight * pull);
}

}  // namespace ridgeline
