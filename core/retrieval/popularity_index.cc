#include "core/retrieval/popularity_index.h"

#include <algorithm>
#include <numeric>

#include "core/retrieval/query_answer.h"
#include "core/retrieval/row_scan.h"

namespace ridgeline {
namespace {

// Listed items between two looks at the floor, which take a selection each.
constexpr size_t kItemsOfStep = 64;

// Scores that are there already.
class StoredScorer final : public RowScorer {
 public:
  explicit StoredScorer(absl::Span<const float> scores) : scores_(scores) {}

  void ScoreRows(uint32_t first, uint32_t count, float* scores) const override {
    std::copy_n(scores_.begin() + first, count, scores);
  }

 private:
  const absl::Span<const float> scores_;
};

// The `count` rows that rank first by `scores`, in rank order.
std::vector<uint32_t> FirstRows(absl::Span<const float> scores, size_t count) {
  std::vector<uint32_t> rows(scores.size());
  std::iota(rows.begin(), rows.end(), 0u);
  const auto end = rows.begin() + static_cast<ptrdiff_t>(std::min(count, rows.size()));
  std::partial_sort(rows.begin(), end, rows.end(), [&](uint32_t a, uint32_t b) {
    return RanksBefore({a, Rankable(scores[a])}, {b, Rankable(scores[b])});
  });
  return {rows.begin(), end};
}

}  // namespace

PopularityIndex::PopularityIndex(absl::Span<const float> popularity, size_t listed)
    : popularity_(popularity), listed_(FirstRows(popularity, listed)) {}

std::vector<ScoredItem> PopularityIndex::TopK(const RetrievalQuery& query) const {
  if (popularity_.empty() || query.k < 1) return {};
  QueryAnswer answer(&query, items());
  // The order says nothing of adjusted scores.
  if (query.adjustment != nullptr) {
    for (const uint32_t row : query.adjustment->changed_rows()) {
      if (answer.Allows(row)) answer.Offer(row, popularity_[row]);
    }
  }
  for (size_t at = 0; at < listed_.size(); ++at) {
    const uint32_t row = listed_[at];
    if (at % kItemsOfStep == 0 && Rankable(popularity_[row]) < answer.Floor()) return answer.Take();
    if (query.adjustment != nullptr && query.adjustment->Changes(row)) continue;
    if (answer.Allows(row)) answer.Offer(row, popularity_[row]);
  }
  const bool all_seen = listed_.size() == popularity_.size();
  return all_seen ? answer.Take() : ScanTopK(StoredScorer(popularity_), items(), query);
}

}  // namespace ridgeline
