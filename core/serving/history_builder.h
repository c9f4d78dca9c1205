#ifndef RIDGELINE_CORE_SERVING_HISTORY_BUILDER_H_
#define RIDGELINE_CORE_SERVING_HISTORY_BUILDER_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "core/als/fold_in.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// Aggregates one user's events just as training does: explicit keeps the latest rating of an item by time,
/// then by order of adding; implicit sums the weights. Thread-compatible.
class HistoryBuilder {
 public:
  explicit HistoryBuilder(Feedback feedback) : feedback_(feedback) {}

  /// Adds an event with the item at `item_row`; `value` is finite.
  void Add(uint32_t item_row, float value, absl::Time time);

  /// What can be folded in, one entry an item: implicit leaves out items whose weight is not above 0.
  History Build() const;

  /// The items that Build leaves out.
  std::vector<uint32_t> UnweighedRows() const;

 private:
  struct Entry {
    uint32_t item_row = 0;
    double value = 0.0;
    absl::Time time;
  };

  bool Weighs(const Entry& entry) const;

  const Feedback feedback_;
  std::vector<Entry> entries_;                          // in the order of first adding
  absl::flat_hash_map<uint32_t, size_t> place_of_row_;  // into entries_
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_HISTORY_BUILDER_H_
