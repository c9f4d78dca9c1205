#ifndef RIDGELINE_CORE_RETRIEVAL_QUERY_ANSWER_H_
#define RIDGELINE_CORE_RETRIEVAL_QUERY_ANSWER_H_

#include <cstdint>
#include <vector>

#include "core/retrieval/retrieval_query.h"
#include "core/retrieval/top_k_collector.h"

namespace ridgeline {

/// The answer to one query while rows are scored for it: adjusts scores, keeps to the filter, the minimum and
/// `after`, and holds the k best. Thread-compatible.
class QueryAnswer {
 public:
  /// `query` must outlive the answer; its k is at least 1. `rows` bounds the rows to come.
  QueryAnswer(const RetrievalQuery* query, uint32_t rows);

  /// Whether the filter lets `row` through.
  bool Allows(uint32_t row) const { return query_->filter == nullptr || query_->filter->Allows(row); }

  /// Takes row `row` with its score before adjustment.
  void Offer(uint32_t row, float score) {
    if (query_->adjustment != nullptr) score = query_->adjustment->Adjust(row, score);
    score = Rankable(score);
    if (score >= best_.floor()) Consider({row, score});
  }

  /// A lower bound of the adjusted scores that still change the answer; rises with what is offered.
  float Floor();

  /// The k best in rank order. The answer is spent afterwards.
  std::vector<ScoredItem> Take() { return best_.Take(); }

 private:
  void Consider(const ScoredItem& item);

  const RetrievalQuery* query_;
  TopKCollector best_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_QUERY_ANSWER_H_
