#ifndef RIDGELINE_CORE_SERVING_QUERY_VALIDATION_H_
#define RIDGELINE_CORE_SERVING_QUERY_VALIDATION_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "core/model/factor_model.h"
#include "core/serving/recommendation.h"

namespace ridgeline {

// Each returns OK or kInvalidArgument whose message begins with the path of the first bad field, as the
// wire's request names it, e.g. "history.entries[3].value: must be finite". Item ids are checked where they
// are looked up.

/// `k` is 1 to `largest`.
absl::Status ValidateK(int64_t k, int64_t largest);

/// The user id is valid; a history has at most kMaxIdsInRequest entries of finite, for implicit models
/// positive value; a vector is finite and as long as the model's.
absl::Status ValidateSubject(const Subject& subject, const FactorModel& model);

/// Lists are within their limits, tags are valid.
absl::Status ValidateSelection(const ItemSelection& selection);

/// Each boost has exactly one target, a finite multiplier of at least 0 and a finite addend.
absl::Status ValidateBoosts(const std::vector<Boost>& boosts);

/// Each cap is of a tag, or prefix of tags, that has no other one, and allows 1 to kMaxResults items.
absl::Status ValidateTagCaps(const std::vector<TagCap>& caps);

/// All of the above and the numbers of `query`.
absl::Status ValidateRecommendQuery(const RecommendQuery& query, const FactorModel& model);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_QUERY_VALIDATION_H_
