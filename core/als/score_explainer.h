#ifndef RIDGELINE_CORE_ALS_SCORE_EXPLAINER_H_
#define RIDGELINE_CORE_ALS_SCORE_EXPLAINER_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/als/factored_row.h"
#include "core/als/history.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// One part of an explanation: what one entry of the history adds to the score.
struct ScorePart {
  uint32_t item_row = 0;
  float contribution = 0.0f;
};

/// A score taken apart: global_mean + user_bias + item_bias + unobserved + sum of contributions = score, to
/// rounding.
struct ScoreExplanation {
  float score = 0.0f;
  float global_mean = 0.0f;
  float user_bias = 0.0f;
  float item_bias = 0.0f;
  float unobserved = 0.0f;  ///< what the items' biases pull over all pairs; only with implicit biases not 0
  std::vector<ScorePart> parts;  ///< one an entry of the history, largest magnitude first
};

/// Explains scores of the user that a history folds in to, as sums over the history (Hu, Koren, Volinsky
/// 2008, section 5): with W = (sum c y y^T + ...)^-1 the part of entry j is y_item^T W t_j y_j. In explicit
/// models the user's bias is part of the solve; the parts explain x_u . y_item and the bias is given apart.
/// With factors kept at 0 or above, W is that of the user's factors above 0. W is factored once for any
/// number of items. Immutable, thus thread-safe.
class ScoreExplainer {
 public:
  /// `model` must outlive the explainer. The errors of FoldInUser.
  static absl::StatusOr<ScoreExplainer> Create(const FactorModel& model, const History& history);

  /// The score, FactorModel::Score of the folded-in user, of the item at `item_row`. kInvalidArgument
  /// beginning with "item_row" when it is out of range.
  absl::StatusOr<ScoreExplanation> Explain(uint32_t item_row) const;

 private:
  ScoreExplainer(const FactorModel* model, History history, UserVector user, std::vector<float> targets,
                 FactoredRow matrix);

  // What W y of the item makes of each entry and of all pairs.
  void TakeApart(const std::vector<float>& solved, ScoreExplanation& explanation) const;

  // W y of the item.
  std::vector<float> SolveFor(uint32_t item_row) const;

  const FactorModel* model_;
  History history_;  // sorted
  UserVector user_;
  std::vector<float> targets_;  // [entries] t
  FactoredRow matrix_;          // W^-1
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_SCORE_EXPLAINER_H_
