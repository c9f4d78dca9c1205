#ifndef RIDGELINE_SERVER_CONVERT_RECOMMENDATION_RESPONSE_H_
#define RIDGELINE_SERVER_CONVERT_RECOMMENDATION_RESPONSE_H_

#include <cstddef>

#include "core/serving/recommendation.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {

/// Most unknown ids that an answer lists.
inline constexpr size_t kMaxUnknownIdsListed = 1'000;

v1::Source ToProto(RecommendationSource source);

/// Without recommendation_id.
v1::RecommendResponse ToProto(RecommendResult result);
v1::SimilarItemsResponse ToSimilarItems(SimilarResult result);
v1::SimilarUsersResponse ToSimilarUsers(SimilarResult result);

/// Without titles.
v1::ScoreItemsResponse ToProto(ScoreItemsResult result);

/// The largest `max_parts` parts; what the others add is in other_contribution. Without item_id and its
/// title.
v1::ExplainResponse ToProto(ExplainResult result, size_t max_parts);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CONVERT_RECOMMENDATION_RESPONSE_H_
