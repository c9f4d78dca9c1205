#ifndef RIDGELINE_CORE_LAB_RECOMMENDATION_FORMAT_H_
#define RIDGELINE_CORE_LAB_RECOMMENDATION_FORMAT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/dataset/id_map.h"
#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

/// How a file of recommendations is written. Scores are spelled with as many digits as float32 needs to read
/// them back unchanged.
enum class RecommendationFormat {
  kTsv,        ///< a header, then a line an item: user_id, item_id, score. No id has a tab or a line's end
  kJsonLines,  ///< a line a user: {"user_id": .., "items": [{"item_id": .., "score": ..}, ..]}
};

/// Parses a format's name: tsv or jsonl. kInvalidArgument beginning with "format".
absl::StatusOr<RecommendationFormat> ParseRecommendationFormat(absl::string_view name);

/// What the file begins with.
absl::string_view RecommendationHeader(RecommendationFormat format);

/// Appends the lines of one user to `text`; `items`, in rank order, are rows of `item_ids`. In JSON a score
/// beyond float32's range is null.
void AppendRecommendations(RecommendationFormat format, absl::string_view user_id,
                           absl::Span<const ScoredItem> items, const IdMap& item_ids, std::string* text);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_RECOMMENDATION_FORMAT_H_
