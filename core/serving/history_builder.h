#ifndef RIDGELINE_CORE_SERVING_HISTORY_BUILDER_H_
#define RIDGELINE_CORE_SERVING_HISTORY_BUILDER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/als/history.h"
#include "core/dataset/event_weight.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// Aggregates one user's events just as training does: explicit keeps the latest rating of an item by time,
/// then by order of adding; implicit weighs events by type and age and sums. Thread-compatible.
class HistoryBuilder {
 public:
  /// `weight` is the model's; the neutral one in explicit models.
  explicit HistoryBuilder(Feedback feedback, EventWeight weight = EventWeight())
      : feedback_(feedback), weight_(std::move(weight)) {}

  /// Makes room for `events` more, which saves time.
  void Reserve(size_t events);

  /// Adds an event with the item at `item_row`; `value` is finite. One that has no time of its own is as new
  /// as can be: absl::InfiniteFuture.
  void Add(uint32_t item_row, float value, absl::Time time, absl::string_view event_type = "");

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

  // The value of `entry` as training rounds it.
  static float ValueOf(const Entry& entry);

  bool Weighs(const Entry& entry) const;

  const Feedback feedback_;
  const EventWeight weight_;
  std::vector<Entry> entries_;                          // in the order of first adding
  absl::flat_hash_map<uint32_t, size_t> place_of_row_;  // into entries_
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_HISTORY_BUILDER_H_
