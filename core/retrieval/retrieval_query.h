#ifndef RIDGELINE_CORE_RETRIEVAL_RETRIEVAL_QUERY_H_
#define RIDGELINE_CORE_RETRIEVAL_RETRIEVAL_QUERY_H_

#include <cstdint>
#include <limits>

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/retrieval/item_filter.h"
#include "core/retrieval/score_adjustment.h"

namespace ridgeline {

class QuantizedMatrix;

/// An item row and its score.
struct ScoredItem {
  uint32_t row = 0;
  float score = 0.0f;
};

/// The order of answers: higher score first, then lower row, so that ties repeat.
inline bool RanksBefore(const ScoredItem& a, const ScoredItem& b) {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
}

/// `score`, or the lowest of all where it is not a number: finite factors of huge size overflow to inf - inf,
/// and the order of answers must hold all the same.
inline float Rankable(float score) {
  return score == score ? score : -std::numeric_limits<float>::infinity();
}

/// One retrieval. A plain value; the views must outlive the call.
struct RetrievalQuery {
  absl::Span<const float> vector;      ///< [K]
  float constant = 0.0f;               ///< added to every score: mu + b_u
  int k = 10;                          ///< at least 1
  const ItemFilter* filter = nullptr;  ///< null: every item is allowed
  /// From ItemIndex::IndexOf, of at least every row that `filter`, not null, allows: the answer comes sooner
  /// and is the same. Null: none.
  const QuantizedMatrix* among = nullptr;
  const ScoreAdjustment* adjustment = nullptr;  ///< boosts; null: none
  absl::optional<float> minimum_score;          ///< on the adjusted score
  absl::optional<ScoredItem> after;             ///< only answers that rank after this one: the next page
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_RETRIEVAL_QUERY_H_
