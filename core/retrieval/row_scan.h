#ifndef RIDGELINE_CORE_RETRIEVAL_ROW_SCAN_H_
#define RIDGELINE_CORE_RETRIEVAL_ROW_SCAN_H_

#include <cstdint>
#include <vector>

#include "core/model/factor_model.h"
#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

/// Scores rows for one query. Implementations are immutable, thus thread-safe.
class RowScorer {
 public:
  virtual ~RowScorer() = default;

  /// Writes the scores of rows [first, first + count) to `scores` [count]. A row's score does not depend on
  /// the rows it is scored together with.
  virtual void ScoreRows(uint32_t first, uint32_t count, float* scores) const = 0;

  /// Says that `row` will be scored soon; changes nothing.
  virtual void Prefetch(uint32_t /*row*/) const {}
};

/// Asks for the factors of `row` from memory.
void PrefetchRow(const FactorMatrix& matrix, uint32_t row);

/// The `query.k` best of rows 0 ... rows - 1 that pass the query's filter, minimum and `after`, in rank
/// order, scored by `scorer` and then adjusted; `query.vector` and `query.constant` are the scorer's affair.
/// Few allowed rows are scored one by one, many in blocks; the answer is the same.
std::vector<ScoredItem> ScanTopK(const RowScorer& scorer, uint32_t rows, const RetrievalQuery& query);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_ROW_SCAN_H_
