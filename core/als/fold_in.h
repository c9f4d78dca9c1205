#ifndef RIDGELINE_CORE_ALS_FOLD_IN_H_
#define RIDGELINE_CORE_ALS_FOLD_IN_H_

#include "absl/status/statusor.h"
#include "core/als/history.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// The user whose full history is `history`: the half step's own solve against the model's items, so a
/// training user folded in right after the user step equals its stored row. The order of the history does not
/// matter. Thread-safe. An empty history gives zeros. kInvalidArgument beginning with "history" when a row is
/// out of range or repeated, a value is not finite (or not positive, implicit), or there are not as many
/// values as rows; kInternal when the numbers overflow float32.
absl::StatusOr<UserVector> FoldInUser(const FactorModel& model, const History& history);

/// A cold item from the users who interacted with it; the same with the sides exchanged.
absl::StatusOr<UserVector> FoldInItem(const FactorModel& model, const History& history);

/// The same for an item that is expected to be `prior`, as AttributeMapping predicts it: the ridge pulls
/// towards the prior instead of 0, and users who did not meet the item are expected to score it as the prior
/// does. So an empty history gives the prior, and each interaction counts for more than it. Solved as y =
/// prior + d, d being the fold-in of what the prior leaves of each target, t_j - c_j h_j . prior.
/// kInvalidArgument also, beginning with "prior", when it has not K factors or the model is one with factors
/// kept at 0 or above or biases of implicit feedback.
absl::StatusOr<UserVector> FoldInItemAround(const FactorModel& model, const History& history,
                                            const UserVector& prior);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_FOLD_IN_H_
