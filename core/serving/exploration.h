#ifndef RIDGELINE_CORE_SERVING_EXPLORATION_H_
#define RIDGELINE_CORE_SERVING_EXPLORATION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/serving/recommendation.h"
#include "core/serving/serving_snapshot.h"
#include "core/serving/user_state.h"

namespace ridgeline {

/// `state` with its vector replaced by a draw of SamplePosterior where the validated `query` explores, drawn
/// by its seed and the user's id, so that users of one seed do not explore alike. `state` itself where
/// nothing tells how uncertain its vector is: popular items, a vector of the caller's own, and a trained row
/// whose history is not in the log. kFailedPrecondition beginning with "exploration" for a non-negative
/// model.
absl::StatusOr<std::shared_ptr<const UserState>> Explore(const RecommendQuery& query,
                                                         const ServingSnapshot& snapshot,
                                                         std::shared_ptr<const UserState> state);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_EXPLORATION_H_
