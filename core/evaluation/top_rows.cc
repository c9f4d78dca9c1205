#include "core/evaluation/top_rows.h"

#include <algorithm>

namespace ridgeline {

void TopRows(absl::Span<const float> scores, int k, std::vector<uint32_t>* top) {
  const auto before = [scores](uint32_t a, uint32_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  top->clear();
  uint32_t row = 0;
  for (; row < scores.size() && static_cast<int>(top->size()) < k; ++row) {
    if (scores[row] > kExcluded) top->push_back(row);
  }
  // A heap whose front is the worst kept row: most of the others lose against it in one comparison.
  std::make_heap(top->begin(), top->end(), before);
  float worst = top->empty() ? kExcluded : scores[top->front()];
  for (; row < scores.size(); ++row) {
    if (!(scores[row] > worst)) continue;
    std::pop_heap(top->begin(), top->end(), before);
    top->back() = row;
    std::push_heap(top->begin(), top->end(), before);
    worst = scores[top->front()];
  }
  std::sort_heap(top->begin(), top->end(), before);
}

}  // namespace ridgeline
