#ifndef RIDGELINE_CORE_RETRIEVAL_TOP_K_COLLECTOR_H_
#define RIDGELINE_CORE_RETRIEVAL_TOP_K_COLLECTOR_H_

#include <cstddef>
#include <limits>
#include <vector>

#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

/// Keeps the k best of the items that it is shown. Thread-compatible.
///
/// Items gather in a buffer of at least 2 k places; each time it is full, a selection leaves the k best and
/// raises the bar for the rest. That costs O(1) an item on average, in whatever order they come.
class TopKCollector {
 public:
  /// `k` is at least 1; `expected` is an upper bound of the items to be shown and saves memory when it is
  /// small.
  TopKCollector(size_t k, size_t expected);

  /// Items with a lower score than this need not be shown any more.
  float floor() const { return floor_; }

  void Add(const ScoredItem& item) {
    if (item.score < floor_) return;
    held_.push_back(item);
    tight_ = false;
    if (held_.size() >= capacity_) Shrink();
  }

  /// Raises the floor to the score of the k-th best item shown, once k were shown.
  void Tighten() {
    if (held_.size() > k_ || (held_.size() == k_ && !tight_)) Shrink();
  }

  /// The k best items in rank order, fewer when fewer were shown. The collector is spent afterwards.
  std::vector<ScoredItem> Take();

 private:
  void Shrink();

  const size_t k_;
  const size_t capacity_;
  float floor_ = -std::numeric_limits<float>::infinity();
  bool tight_ = false;  // whether floor_ is that of all the items shown
  std::vector<ScoredItem> held_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_TOP_K_COLLECTOR_H_
