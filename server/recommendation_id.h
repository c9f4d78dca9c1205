#ifndef RIDGELINE_SERVER_RECOMMENDATION_ID_H_
#define RIDGELINE_SERVER_RECOMMENDATION_ID_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/serving/recommendation.h"

namespace ridgeline {

/// "model", "fold_in", "popular" or "vector", as metrics and recommendation ids call it.
absl::string_view SourceName(RecommendationSource source);

/// The name of one answer, which comes back with the interactions that follow from it. It carries all that is
/// counted then, so that the server need not remember its answers: "ANSWER.VERSION.SOURCE", e.g.
/// "5f3a09c2d4e81b76-42.v000003.fold_in". To callers it is opaque.
std::string MakeRecommendationId(absl::string_view answer, absl::string_view version,
                                 RecommendationSource source);

/// What an id says, which anybody may have made up.
struct RecommendationOrigin {
  absl::string_view version;  ///< any text without a dot; part of the id
  RecommendationSource source = RecommendationSource::kModel;
};

/// The origin of `id`, none when it is not of the form that MakeRecommendationId gives it.
absl::optional<RecommendationOrigin> ParseRecommendationId(absl::string_view id);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RECOMMENDATION_ID_H_
