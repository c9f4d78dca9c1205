#include "core/retrieval/quantized_scan.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "core/retrieval/quantized_queries.h"
#include "core/retrieval/query_answer.h"
#include "core/retrieval/selective_scan.h"

namespace ridgeline {
namespace {

// Codes pay while few rows must be rescored: below these shares of the rows.
constexpr uint32_t kWantedShare = 16;  // rows that the answer holds
constexpr uint32_t kChangedShare = 4;  // rows whose scores are adjusted

// Blocks between two looks at the floors; a pass begins with one block, which gives the floors their first
// values.
constexpr int64_t kBlocksOfStep = 8;

// How a query is answered.
enum class Way { kCodes, kSelected, kPlain };

Way WayOf(const RetrievalQuery& query, uint32_t rows, uint32_t allowed) {
  if (!CodesPay(query.k, rows)) return Way::kPlain;
  if (IsSelective(allowed, rows)) return query.adjustment == nullptr ? Way::kSelected : Way::kPlain;
  if (query.adjustment != nullptr && query.adjustment->changed_rows().size() > rows / kChangedShare) {
    return Way::kPlain;
  }
  return Way::kCodes;
}

// One pass over the codes for up to kMaxScanQueries queries.
class Pass {
 public:
  Pass(const QuantizedMatrix& matrix, ScanScore score, absl::Span<const ScanQuery> queries)
      : matrix_(matrix),
        codes_(score == ScanScore::kCosine ? matrix.codes_without_biases() : matrix.codes()),
        queries_(queries),
        coded_(static_cast<int>(queries.front().query->vector.size()), score == ScanScore::kCosine) {
    for (const ScanQuery& query : queries) {
      coded_.Add(query.query->vector);
      answers_.emplace_back(query.query, matrix.rows());
    }
    active_.resize(queries.size());
    std::iota(active_.begin(), active_.end(), size_t{0});
    hits_.resize(static_cast<size_t>(kBlocksOfStep) * queries.size());
  }

  void Run() {
    for (size_t q = 0; q < queries_.size(); ++q) OfferChangedRows(q);
    int64_t step = 1;
    for (int64_t block = 0; block < matrix_.blocks();
         block += step, step = std::min(2 * step, kBlocksOfStep)) {
      step = std::min(step, matrix_.blocks() - block);
      for (size_t place = 0; place < active_.size(); ++place) UpdateFloor(place);
      DropDone(block);
      if (active_.empty()) break;
      scanned_ += kernels::ScanCodes(codes_, block, step, coded_.queries(), hits_.data());
      for (size_t place = 0; place < active_.size(); ++place) Rescore(place, block, step);
    }
  }

  std::vector<ScoredItem> Take(size_t q) { return answers_[q].Take(); }

  void AddTo(ScanStatistics& statistics) const {
    statistics.queries += static_cast<int64_t>(queries_.size());
    statistics.rows += static_cast<int64_t>(queries_.size()) * matrix_.rows();
    statistics.scanned += scanned_ * kernels::kCodeBlockRows;
    statistics.rescored += rescored_;
  }

 private:
  const ScoreAdjustment* Adjustment(size_t q) const { return queries_[q].query->adjustment; }

  // Bounds say nothing of an adjusted score, so these rows are scored beforehand.
  void OfferChangedRows(size_t q) {
    if (Adjustment(q) == nullptr) return;
    for (const uint32_t row : Adjustment(q)->changed_rows()) {
      if (answers_[q].Allows(row)) Score(q, row);
    }
  }

  void UpdateFloor(size_t place) {
    const size_t q = active_[place];
    coded_.SetFloor(static_cast<int>(place), answers_[q].Floor(), queries_[q].query->constant);
  }

  // Takes out the queries whose answers no row of `block` or behind it can change.
  void DropDone(int64_t block) {
    const kernels::CodeBlock& bounds = matrix_.BoundsFrom(static_cast<size_t>(block));
    const uint32_t reaching = kernels::Reaching(bounds, codes_.biases != nullptr, coded_.queries());
    // From the last on: what takes a freed place has been looked at.
    for (size_t place = active_.size(); place-- > 0;) {
      if ((reaching >> place & 1) != 0) continue;
      coded_.Remove(static_cast<int>(place));
      active_[place] = active_.back();
      active_.pop_back();
    }
  }

  // Rows are fetched from memory while others are found: they lie far apart.
  void Rescore(size_t place, int64_t first, int64_t blocks) {
    const size_t q = active_[place];
    found_.clear();
    for (int64_t b = 0; b < blocks; ++b) {
      const auto position = static_cast<uint32_t>((first + b) * kernels::kCodeBlockRows);
      for (uint64_t bits = hits_[static_cast<size_t>(b) * active_.size() + place]; bits != 0;
           bits &= bits - 1) {
        Find(q, position + static_cast<uint32_t>(std::countr_zero(bits)));
      }
    }
    for (const uint32_t row : found_) Score(q, row);
  }

  void Find(size_t q, uint32_t position) {
    if (position >= matrix_.rows()) return;  // padding
    const uint32_t row = matrix_.RowAt(position);
    if (!answers_[q].Allows(row)) return;
    if (Adjustment(q) != nullptr && Adjustment(q)->Changes(row)) return;
    queries_[q].scorer->Prefetch(row);
    found_.push_back(row);
  }

  void Score(size_t q, uint32_t row) {
    float score = 0.0f;
    queries_[q].scorer->ScoreRows(row, 1, &score);
    answers_[q].Offer(row, score);
    ++rescored_;
  }

  const QuantizedMatrix& matrix_;
  const kernels::CodeMatrix codes_;
  const absl::Span<const ScanQuery> queries_;
  QuantizedQueries coded_;            // those that are not done yet
  std::vector<size_t> active_;        // which queries these are
  std::vector<QueryAnswer> answers_;  // [queries]
  std::vector<uint64_t> hits_;        // [kBlocksOfStep x active queries]
  std::vector<uint32_t> found_;       // rows to be scored, of one query and step
  int64_t scanned_ = 0;               // pairs of block and query
  int64_t rescored_ = 0;
};

}  // namespace

bool CodesPay(int k, uint32_t rows) {
  return static_cast<uint32_t>(k) <= rows / kWantedShare;
}

std::vector<std::vector<ScoredItem>> ScanQuantized(const QuantizedMatrix& matrix, ScanScore score,
                                                   absl::Span<const ScanQuery> queries,
                                                   ScanStatistics* statistics) {
  ScanStatistics unused;
  ScanStatistics& seen = statistics == nullptr ? unused : *statistics;
  std::vector<std::vector<ScoredItem>> answers(queries.size());
  std::vector<ScanQuery> coded;
  std::vector<size_t> places;  // of the answers to `coded`
  for (size_t i = 0; i < queries.size(); ++i) {
    const RetrievalQuery& query = *queries[i].query;
    const uint32_t allowed = query.filter == nullptr ? matrix.rows() : query.filter->CountAllowed();
    const Way way = WayOf(query, matrix.rows(), allowed);
    if (way == Way::kCodes) {
      coded.push_back(queries[i]);
      places.push_back(i);
      continue;
    }
    ++seen.queries;
    seen.rows += matrix.rows();
    if (way == Way::kSelected) {
      answers[i] = ScanSelected(matrix, score, queries[i], seen);
    } else {
      answers[i] = ScanTopK(*queries[i].scorer, matrix.rows(), query);
      seen.scanned += allowed;
      seen.rescored += allowed;
    }
  }
  std::vector<std::vector<ScoredItem>> found = ScanCoded(matrix, score, coded, &seen);
  for (size_t i = 0; i < found.size(); ++i) answers[places[i]] = std::move(found[i]);
  return answers;
}

std::vector<std::vector<ScoredItem>> ScanCoded(const QuantizedMatrix& matrix, ScanScore score,
                                               absl::Span<const ScanQuery> queries,
                                               ScanStatistics* statistics) {
  std::vector<std::vector<ScoredItem>> answers;
  answers.reserve(queries.size());
  for (size_t at = 0; at < queries.size(); at += kernels::kMaxScanQueries) {
    const auto group = queries.subspan(at, kernels::kMaxScanQueries);
    Pass pass(matrix, score, group);
    pass.Run();
    for (size_t q = 0; q < group.size(); ++q) answers.push_back(pass.Take(q));
    if (statistics != nullptr) pass.AddTo(*statistics);
  }
  return answers;
}

}  // namespace ridgeline
