#include "core/retrieval/row_scan.h"

#include <algorithm>

#include "core/base/prefetch.h"
#include "core/retrieval/query_answer.h"

namespace ridgeline {
namespace {

// Below one allowed row in so many, scoring them one by one beats scoring all in blocks.
constexpr uint32_t kSelectiveShare = 4;

constexpr uint32_t kScoredRows = 512;  // a multiple of 64; its scores stay in the first-level cache

// One pass over the rows for one query.
class Scan {
 public:
  Scan(const RowScorer& scorer, uint32_t rows, const RetrievalQuery& query)
      : scorer_(scorer), rows_(rows), query_(query), answer_(&query, rows) {}

  void ScanBlocks() {
    float scores[kScoredRows];
    for (uint32_t first = 0; first < rows_; first += std::min(kScoredRows, rows_ - first)) {
      const uint32_t count = std::min(kScoredRows, rows_ - first);
      if (Forbidden(first, count)) continue;
      scorer_.ScoreRows(first, count, scores);
      OfferRows(first, count, scores);
    }
  }

  void ScanAllowed() {
    query_.filter->ForEachAllowed([this](uint32_t row) {
      float score = 0.0f;
      scorer_.ScoreRows(row, 1, &score);
      OfferRows(row, 1, &score);
    });
  }

  std::vector<ScoredItem> Take() { return answer_.Take(); }

 private:
  // Whether the filter forbids every row of a block.
  bool Forbidden(uint32_t first, uint32_t count) const {
    if (query_.filter == nullptr) return false;
    uint64_t allowed = 0;
    for (uint32_t w = first / 64; w <= (first + count - 1) / 64; ++w) allowed |= query_.filter->Word(w);
    return allowed == 0;
  }

  void OfferRows(uint32_t first, uint32_t count, const float* scores) {
    for (uint32_t i = 0; i < count; ++i) answer_.Offer(first + i, scores[i]);
  }

  const RowScorer& scorer_;
  const uint32_t rows_;
  const RetrievalQuery& query_;
  QueryAnswer answer_;
};

}  // namespace

void PrefetchRow(const FactorMatrix& matrix, uint32_t row) {
  constexpr size_t kFloatsOfLine = 16;
  const float* const factors = matrix.values.data() + size_t{row} * static_cast<size_t>(matrix.factors);
  for (size_t at = 0; at < static_cast<size_t>(matrix.factors); at += kFloatsOfLine) {
    Prefetch(factors + at);
  }
}

std::vector<ScoredItem> ScanTopK(const RowScorer& scorer, uint32_t rows, const RetrievalQuery& query) {
  if (rows == 0 || query.k < 1) return {};
  Scan scan(scorer, rows, query);
  if (query.filter != nullptr && query.filter->CountAllowed() < rows / kSelectiveShare) {
    scan.ScanAllowed();
  } else {
    scan.ScanBlocks();
  }
  return scan.Take();
}

}  // namespace ridgeline
