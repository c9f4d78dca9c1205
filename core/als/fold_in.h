#ifndef RIDGELINE_CORE_ALS_FOLD_IN_H_
#define RIDGELINE_CORE_ALS_FOLD_IN_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// One side's history as rows of the other side and values; aggregated, so that rows are distinct.
struct History {
  std::vector<uint32_t> rows;  ///< [n] in any order
  std::vector<float> values;   ///< [n] ratings or weights

  size_t size() const { return rows.size(); }
};

/// One part of an explanation: what one entry of the history adds to the score.
struct ScorePart {
  uint32_t item_row = 0;
  float contribution = 0.0f;
};

/// A score taken apart: global_mean + user_bias + item_bias + sum of contributions = score, to rounding.
struct ScoreExplanation {
  float score = 0.0f;
  float global_mean = 0.0f;
  float user_bias = 0.0f;
  float item_bias = 0.0f;
  std::vector<ScorePart> parts;  ///< one an entry of the history, largest magnitude first
};

/// The user whose full history is `history`: the half step's own solve against the model's items, so a
/// training user folded in right after the user step equals its stored row. The order of the history does not
/// matter. Thread-safe. An empty history gives zeros. kInvalidArgument beginning with "history" when a row is
/// out of range or repeated, a value is not finite (or not positive, implicit), or there are not as many
/// values as rows; kInternal when the numbers overflow float32.
absl::StatusOr<UserVector> FoldInUser(const FactorModel& model, const History& history);

/// A cold item from the users who interacted with it; the same with the sides exchanged.
absl::StatusOr<UserVector> FoldInItem(const FactorModel& model, const History& history);

/// Explains s(u, item) of the folded-in user as a sum over the history (Hu, Koren, Volinsky 2008, section 5):
/// with W = (sum c y y^T + ...)^-1 the part of entry j is y_item^T W t_j y_j. In explicit models the user's
/// bias is part of the solve; the parts explain x_u . y_item and the bias is given apart. The score is
/// FactorModel::Score of the folded-in user. Errors as FoldInUser; kInvalidArgument beginning with "item_row"
/// when it is out of range.
absl::StatusOr<ScoreExplanation> ExplainScore(const FactorModel& model, const History& history,
                                              uint32_t item_row);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_FOLD_IN_H_
