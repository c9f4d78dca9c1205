#include "core/retrieval/selective_scan.h"

#include <bit>

#include "core/retrieval/quantized_queries.h"
#include "core/retrieval/query_answer.h"

namespace ridgeline {
namespace {

// Rows asked for from memory before the first of them is scored; the floor is looked at in between.
constexpr size_t kRowsOfStep = 16;

// Fewer allowed rows than one in so many are looked at one by one.
constexpr uint32_t kAllowedShare = 32;

// The allowed rows by their positions in the order of `matrix`: one bit each, a word a block.
std::vector<uint64_t> AllowedPositions(const QuantizedMatrix& matrix, const ItemFilter& filter) {
  static_assert(kernels::kCodeBlockRows == 64);
  std::vector<uint64_t> positions(static_cast<size_t>(matrix.blocks()));
  filter.ForEachAllowed([&](uint32_t row) {
    const uint32_t position = matrix.PositionOf(row);
    positions[position / 64] |= uint64_t{1} << (position % 64);
  });
  return positions;
}

class SelectiveScan {
 public:
  SelectiveScan(const QuantizedMatrix& matrix, ScanScore score, const ScanQuery& query)
      : matrix_(matrix),
        codes_(score == ScanScore::kCosine ? matrix.codes_without_biases() : matrix.codes()),
        query_(query),
        coded_(static_cast<int>(query.query->vector.size()), score == ScanScore::kCosine),
        answer_(query.query, matrix.rows()) {
    coded_.Add(query.query->vector);
  }

  void Run() {
    const std::vector<uint64_t> positions = AllowedPositions(matrix_, *query_.query->filter);
    for (size_t block = 0; block < positions.size(); ++block) {
      if (positions[block] == 0) continue;
      if (!MayReach(codes_.blocks[block])) {
        if (!MayReach(matrix_.BoundsFrom(block))) break;
        continue;
      }
      for (uint64_t bits = positions[block]; bits != 0; bits &= bits - 1) {
        Find(static_cast<uint32_t>(block * 64) + static_cast<uint32_t>(std::countr_zero(bits)));
      }
      if (found_.size() >= kRowsOfStep) ScoreFound();
    }
    ScoreFound();
  }

  std::vector<ScoredItem> Take() { return answer_.Take(); }
  int64_t scored() const { return scored_; }

 private:
  bool MayReach(const kernels::CodeBlock& bounds) const {
    return kernels::Reaching(bounds, codes_.biases != nullptr, coded_.queries()) != 0;
  }

  void Find(uint32_t position) {
    const uint32_t row = matrix_.RowAt(position);
    query_.scorer->Prefetch(row);
    found_.push_back(row);
  }

  void ScoreFound() {
    for (const uint32_t row : found_) {
      float score = 0.0f;
      query_.scorer->ScoreRows(row, 1, &score);
      answer_.Offer(row, score);
    }
    scored_ += static_cast<int64_t>(found_.size());
    found_.clear();
    coded_.SetFloor(0, answer_.Floor(), query_.query->constant);
  }

  const QuantizedMatrix& matrix_;
  const kernels::CodeMatrix codes_;
  const ScanQuery& query_;
  QuantizedQueries coded_;
  QueryAnswer answer_;
  std::vector<uint32_t> found_;  // rows to be scored
  int64_t scored_ = 0;
};

}  // namespace

bool IsSelective(uint32_t allowed, uint32_t rows) {
  return allowed < rows / kAllowedShare;
}

std::vector<ScoredItem> ScanSelected(const QuantizedMatrix& matrix, ScanScore score, const ScanQuery& query,
                                     ScanStatistics& statistics) {
  SelectiveScan scan(matrix, score, query);
  scan.Run();
  statistics.scanned += scan.scored();
  statistics.rescored += scan.scored();
  return scan.Take();
}

}  // namespace ridgeline
