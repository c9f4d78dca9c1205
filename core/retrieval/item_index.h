#ifndef RIDGELINE_CORE_RETRIEVAL_ITEM_INDEX_H_
#define RIDGELINE_CORE_RETRIEVAL_ITEM_INDEX_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/base/parallel.h"
#include "core/model/factor_model.h"
#include "core/retrieval/cosine_index.h"
#include "core/retrieval/item_filter.h"
#include "core/retrieval/popularity_index.h"
#include "core/retrieval/quantized_matrix.h"
#include "core/retrieval/quantized_scan.h"
#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

/// Exact top-k over all items. Immutable, thus thread-safe; keeps the model alive. Beside the model's factors
/// it has their codes, K rounded up to 4 bytes an item, and 4 bytes of order.
class ItemIndex {
 public:
  /// `arena` shares the work of building, null: the caller alone does it.
  explicit ItemIndex(std::shared_ptr<const FactorModel> model, Arena* arena = nullptr);

  /// The `k` best allowed items in rank order, fewer only when fewer are allowed. Equal to NaiveTopK to the
  /// last bit.
  std::vector<ScoredItem> TopK(const RetrievalQuery& query) const;

  /// TopK of each query, in their order; passes over the items are shared. Adds to `statistics` unless it is
  /// null.
  std::vector<std::vector<ScoredItem>> TopKOfEach(absl::Span<const RetrievalQuery> queries,
                                                  ScanStatistics* statistics = nullptr) const;

  /// The same by the model's item popularity in place of s(u, i): for somebody of whom nothing is known. The
  /// query's vector and constant are not looked at.
  std::vector<ScoredItem> MostPopular(const RetrievalQuery& query) const;

  /// An index of the rows that `filter` allows, as RetrievalQuery::among takes it: worth making for whoever
  /// asks with this filter, or with parts of it, more than once. None where so many are allowed that it would
  /// be of no use.
  absl::optional<QuantizedMatrix> IndexOf(const ItemFilter& filter) const;

  /// The `k` items most similar to `vector` [K] by cosine, in rank order; items with zero factors score 0.
  std::vector<ScoredItem> MostSimilar(absl::Span<const float> vector, int k, const ItemFilter* filter) const;

  /// s(u, i) as TopK computes it, before adjustment.
  float Score(absl::Span<const float> vector, float constant, uint32_t row) const;

 private:
  std::shared_ptr<const FactorModel> model_;
  const float typical_norm_;  // of the users' vectors
  QuantizedMatrix quantized_;
  CosineIndex cosine_;
  PopularityIndex popularity_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_ITEM_INDEX_H_
