#include "core/dataset/aggregation.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "absl/types/span.h"

namespace ridgeline {
namespace {

struct Entry {
  uint32_t item = 0;
  float value = 0.0f;
  int64_t time = 0;
};

// Where the interactions of each user begin once they are ordered by user.
std::vector<int64_t> UserOffsets(const InteractionTable& table) {
  std::vector<int64_t> offsets(table.users->size() + 1, 0);
  for (const uint32_t user : table.user_rows) ++offsets[size_t{user} + 1];
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  return offsets;
}

// Orders a column by user, stably. Each column by itself: only one is there twice at a time.
template <class Value>
void OrderByUser(const std::vector<int64_t>& offsets, const std::vector<uint32_t>& users,
                 std::vector<Value>* column) {
  std::vector<int64_t> next(offsets.begin(), offsets.end());
  std::vector<Value> ordered(column->size());
  for (size_t i = 0; i < column->size(); ++i) ordered[static_cast<size_t>(next[users[i]]++)] = (*column)[i];
  column->swap(ordered);
}

// One interaction for `same`, those of one user with one item, in order of arrival.
Entry Combine(absl::Span<const Entry> same, Feedback feedback) {
  Entry combined = same.front();
  double sum = 0.0;
  for (const Entry& entry : same) {
    if (entry.time >= combined.time) combined = entry;
    sum += entry.value;
  }
  constexpr double kLargest = std::numeric_limits<float>::max();
  if (feedback == Feedback::kImplicit)
    combined.value = static_cast<float>(std::clamp(sum, -kLargest, kLargest));
  return combined;
}

// A table ordered by user whose rows are aggregated in place, one user after another.
class InPlaceAggregation {
 public:
  InPlaceAggregation(InteractionTable* table, Feedback feedback)
      : table_(*table), feedback_(feedback), has_times_(!table->times.empty()) {}

  void AddUser(uint32_t user, size_t begin, size_t end) {
    Load(begin, end);
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry& a, const Entry& b) { return a.item < b.item; });
    for (size_t first = 0, last = 0; first < entries_.size(); first = last) {
      const auto is_same = [&](const Entry& entry) { return entry.item == entries_[first].item; };
      while (last < entries_.size() && is_same(entries_[last])) ++last;
      Keep(user, Combine(absl::MakeConstSpan(entries_).subspan(first, last - first), feedback_));
    }
  }

  void Finish() {
    table_.user_rows.resize(kept_);
    table_.item_rows.resize(kept_);
    table_.values.resize(kept_);
    if (has_times_) table_.times.resize(kept_);
  }

 private:
  void Load(size_t begin, size_t end) {
    entries_.clear();
    for (size_t i = begin; i < end; ++i) {
      entries_.push_back({table_.item_rows[i], table_.values[i], has_times_ ? table_.times[i] : 0});
    }
  }

  // Never overtakes what is read: a user's interactions are loaded before the first of them is kept.
  void Keep(uint32_t user, const Entry& entry) {
    table_.user_rows[kept_] = user;
    table_.item_rows[kept_] = entry.item;
    table_.values[kept_] = entry.value;
    if (has_times_) table_.times[kept_] = entry.time;
    ++kept_;
  }

  InteractionTable& table_;
  const Feedback feedback_;
  const bool has_times_;
  std::vector<Entry> entries_;  // of the user at hand
  size_t kept_ = 0;
};

}  // namespace

InteractionTable Aggregate(InteractionTable table, Feedback feedback) {
  const std::vector<int64_t> offsets = UserOffsets(table);
  OrderByUser(offsets, table.user_rows, &table.item_rows);
  OrderByUser(offsets, table.user_rows, &table.values);
  if (!table.times.empty()) OrderByUser(offsets, table.user_rows, &table.times);
  InPlaceAggregation aggregation(&table, feedback);
  for (size_t user = 0; user + 1 < offsets.size(); ++user) {
    aggregation.AddUser(static_cast<uint32_t>(user), static_cast<size_t>(offsets[user]),
                        static_cast<size_t>(offsets[user + 1]));
  }
  aggregation.Finish();
  return table;
}

}  // namespace ridgeline
