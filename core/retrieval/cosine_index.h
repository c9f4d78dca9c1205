#ifndef RIDGELINE_CORE_RETRIEVAL_COSINE_INDEX_H_
#define RIDGELINE_CORE_RETRIEVAL_COSINE_INDEX_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/model/factor_model.h"
#include "core/retrieval/quantized_matrix.h"
#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

/// Exact search by cosine over one side's factors. Immutable, thus thread-safe.
class CosineIndex {
 public:
  /// `quantized` is made of `matrix`; both must outlive the index.
  CosineIndex(const FactorMatrix* matrix, const QuantizedMatrix* quantized)
      : matrix_(matrix), quantized_(quantized) {}

  /// The `k` allowed rows nearest to `vector` [K], in rank order; scores are cosines in [-1, 1]. Rows with
  /// zero factors score 0, and all rows do when `vector` is zero. A null `filter` allows every row.
  std::vector<ScoredItem> MostSimilar(absl::Span<const float> vector, int k, const ItemFilter* filter) const;

 private:
  const FactorMatrix* matrix_;
  const QuantizedMatrix* quantized_;
};

/// 1 / |vector|, 0 where that is not finite.
float InverseNorm(absl::Span<const float> vector);

/// `vector` scaled to length 1; zero stays zero.
std::vector<float> UnitVector(absl::Span<const float> vector);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_COSINE_INDEX_H_
