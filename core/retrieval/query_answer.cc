#include "core/retrieval/query_answer.h"

#include <algorithm>

namespace ridgeline {

QueryAnswer::QueryAnswer(const RetrievalQuery* query, uint32_t rows)
    : query_(query), best_(static_cast<size_t>(query->k), rows) {}

float QueryAnswer::Floor() {
  best_.Tighten();
  return std::max(best_.floor(), query_->minimum_score.value_or(best_.floor()));
}

void QueryAnswer::Consider(const ScoredItem& item) {
  if (!Allows(item.row)) return;
  if (query_->minimum_score.has_value() && item.score < *query_->minimum_score) return;
  if (query_->after.has_value() && !RanksBefore(*query_->after, item)) return;
  best_.Add(item);
}

}  // namespace ridgeline
