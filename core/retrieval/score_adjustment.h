#ifndef RIDGELINE_CORE_RETRIEVAL_SCORE_ADJUSTMENT_H_
#define RIDGELINE_CORE_RETRIEVAL_SCORE_ADJUSTMENT_H_

#include <cstdint>
#include <vector>

namespace ridgeline {

/// Changes to the scores of chosen items: adjusted = score * multiplier + addend. Thread-compatible.
class ScoreAdjustment {
 public:
  struct Change {
    float multiplier = 1.0f;
    float addend = 0.0f;
  };

  /// Changes nothing yet, of `items` rows.
  explicit ScoreAdjustment(uint32_t items) : change_of_row_(items, 0), changes_(1) {}

  /// Composes a further change onto `row` < items: multipliers multiply, addends add.
  void Apply(uint32_t row, const Change& change);

  /// Whether the score of `row` < items changes.
  bool Changes(uint32_t row) const { return change_of_row_[row] != 0; }

  /// The rows whose scores change, in the order of their first change.
  const std::vector<uint32_t>& changed_rows() const { return changed_rows_; }

  /// `score` of `row` < items after all its changes.
  float Adjust(uint32_t row, float score) const {
    const Change& change = changes_[change_of_row_[row]];
    return score * change.multiplier + change.addend;
  }

 private:
  std::vector<uint32_t> change_of_row_;  // [items] into changes_; 0 is none
  std::vector<Change> changes_;          // [1 + changed rows], the first changes nothing
  std::vector<uint32_t> changed_rows_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_SCORE_ADJUSTMENT_H_
