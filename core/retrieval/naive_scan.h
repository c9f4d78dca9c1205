#ifndef RIDGELINE_CORE_RETRIEVAL_NAIVE_SCAN_H_
#define RIDGELINE_CORE_RETRIEVAL_NAIVE_SCAN_H_

#include <vector>

#include "absl/types/span.h"
#include "core/model/factor_model.h"
#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

/// Scores every item, sorts all of them, takes k: the oracle that ItemIndex::TopK is held against.
std::vector<ScoredItem> NaiveTopK(const FactorModel& model, const RetrievalQuery& query);

/// The same by cosine over `matrix`: the oracle of CosineIndex::MostSimilar. Cosines are summed in double, so
/// they agree to rounding only.
std::vector<ScoredItem> NaiveMostSimilar(const FactorMatrix& matrix, absl::Span<const float> vector, int k,
                                         const ItemFilter* filter);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_NAIVE_SCAN_H_
