#include "core/retrieval/score_adjustment.h"

namespace ridgeline {

void ScoreAdjustment::Apply(uint32_t row, const Change& change) {
  if (change_of_row_[row] == 0) {
    change_of_row_[row] = static_cast<uint32_t>(changes_.size());
    changes_.emplace_back();
    changed_rows_.push_back(row);
  }
  Change& composed = changes_[change_of_row_[row]];
  composed.multiplier *= change.multiplier;
  composed.addend += change.addend;
}

}  // namespace ridgeline
