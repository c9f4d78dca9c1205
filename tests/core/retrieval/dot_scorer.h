#ifndef RIDGELINE_TESTS_CORE_RETRIEVAL_DOT_SCORER_H_
#define RIDGELINE_TESTS_CORE_RETRIEVAL_DOT_SCORER_H_

#include "core/kernels/kernels.h"
#include "core/retrieval/row_scan.h"

namespace ridgeline {

/// row . vector + bias + constant, of a query.
class DotScorer final : public RowScorer {
 public:
  DotScorer(const FactorMatrix* matrix, const RetrievalQuery* query) : matrix_(matrix), query_(query) {}

  void ScoreRows(uint32_t first, uint32_t count, float* scores) const override {
    kernels::Scores(matrix_->values.data() + size_t{first} * query_->vector.size(),
                    matrix_->biases.data() + first, count, static_cast<int>(query_->vector.size()),
                    query_->vector.data(), scores);
    for (uint32_t i = 0; i < count; ++i) scores[i] += query_->constant;
  }

 private:
  const FactorMatrix* matrix_;
  const RetrievalQuery* query_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_RETRIEVAL_DOT_SCORER_H_
