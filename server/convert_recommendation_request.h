#ifndef RIDGELINE_SERVER_CONVERT_RECOMMENDATION_REQUEST_H_
#define RIDGELINE_SERVER_CONVERT_RECOMMENDATION_REQUEST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/serving/recommendation.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {

// The Recommender checks its queries and names the fields as the proto does. What it could no longer see is
// checked here: kInvalidArgument naming the field for a oneof of which nothing is set, and for numbers that
// become sizes. Lists that are copied are checked for their length first.

// The selection of a query is views into the request, which must outlive it.

absl::StatusOr<RecommendQuery> FromProto(const v1::RecommendRequest& request);
absl::StatusOr<SimilarQuery> FromProto(const v1::SimilarItemsRequest& request);
SimilarQuery FromProto(const v1::SimilarUsersRequest& request);

/// What ScoreItems is asked.
struct ScoreItemsQuery {
  Subject subject;
  std::vector<std::string> item_ids;
};
absl::StatusOr<ScoreItemsQuery> FromProto(const v1::ScoreItemsRequest& request);

/// What Explain is asked.
struct ExplainQuery {
  Subject subject;
  std::string item_id;
  size_t max_parts = 0;  ///< at least 1
};
absl::StatusOr<ExplainQuery> FromProto(const v1::ExplainRequest& request);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CONVERT_RECOMMENDATION_REQUEST_H_
