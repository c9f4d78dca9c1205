#include "core/evaluation/top_rows.h"

#include <algorithm>

namespace ridgeline {

void TopRows(absl::Span<const float> scores, int k, std::vector<uint32_t>* top) {
  const auto before = [scores](uint32_t a, uint32_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  top->clear();
  // A heap whose front is the worst kept row: most rows lose against it in one comparison.
  for (uint32_t row = 0; row < scores.size(); ++row) {
    if (!(scores[row] > kExcluded)) continue;
    if (static_cast<int>(top->size()) < k) {
      top->push_back(row);
      std::push_heap(top->begin(), top->end(), before);
    } else if (scores[row] > scores[top->front()]) {
      std::pop_heap(top->begin(), top->end(), before);
      top->back() = row;
      std::push_heap(top->begin(), top->end(), before);
    }
  }
  std::sort_heap(top->begin(), top->end(), before);
}

}  // namespace ridgeline
