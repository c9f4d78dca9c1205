#ifndef RIDGELINE_CORE_RETRIEVAL_POPULARITY_INDEX_H_
#define RIDGELINE_CORE_RETRIEVAL_POPULARITY_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

/// Exact top-k by the items' popularity, for somebody of whom nothing is known. Holds the most popular items
/// in rank order and looks at those alone as long as they hold the answer. Immutable, thus thread-safe.
class PopularityIndex {
 public:
  static constexpr size_t kListedItems = 65'536;

  /// `popularity` [items] must outlive the index; the best `listed` of them are held, 4 bytes each.
  explicit PopularityIndex(absl::Span<const float> popularity, size_t listed = kListedItems);

  /// The `k` best allowed items in rank order, fewer only when fewer are allowed. Equal to ScanTopK over the
  /// popularity to the last bit. The query's vector and constant are not looked at.
  std::vector<ScoredItem> TopK(const RetrievalQuery& query) const;

 private:
  uint32_t items() const { return static_cast<uint32_t>(popularity_.size()); }

  const absl::Span<const float> popularity_;
  std::vector<uint32_t> listed_;  // rows in rank order
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_POPULARITY_INDEX_H_
