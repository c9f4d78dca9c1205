#include "core/serving/history_builder.h"

#include <algorithm>
#include <limits>

namespace ridgeline {
namespace {

constexpr double kLargest = std::numeric_limits<float>::max();

}  // namespace

void HistoryBuilder::Reserve(size_t events) {
  entries_.reserve(entries_.size() + events);
  place_of_row_.reserve(place_of_row_.size() + events);
}

void HistoryBuilder::Add(uint32_t item_row, float value, absl::Time time, absl::string_view event_type) {
  value = weight_.Decayed(weight_.OfType(value, event_type), absl::ToUnixMicros(time));
  const auto [place, is_new] = place_of_row_.try_emplace(item_row, entries_.size());
  if (is_new) {
    entries_.push_back({item_row, value, time});
    return;
  }
  Entry& entry = entries_[place->second];
  if (feedback_ == Feedback::kImplicit) {
    entry.value += value;
  } else if (time >= entry.time) {
    entry.value = value;
    entry.time = time;
  }
}

History HistoryBuilder::Build() const {
  History history;
  for (const Entry& entry : entries_) {
    if (!Weighs(entry)) continue;
    history.rows.push_back(entry.item_row);
    history.values.push_back(ValueOf(entry));
  }
  return history;
}

std::vector<uint32_t> HistoryBuilder::UnweighedRows() const {
  std::vector<uint32_t> rows;
  for (const Entry& entry : entries_) {
    if (!Weighs(entry)) rows.push_back(entry.item_row);
  }
  return rows;
}

float HistoryBuilder::ValueOf(const Entry& entry) {
  return static_cast<float>(std::clamp(entry.value, -kLargest, kLargest));
}

bool HistoryBuilder::Weighs(const Entry& entry) const {
  return feedback_ == Feedback::kExplicit || ValueOf(entry) > 0.0f;
}

}  // namespace ridgeline
