#include "core/dataset/interaction_table.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace ridgeline {
namespace {

// Sorts `order`, indices into `keys`, by key, stably, in one counting pass. Keys are below `bound`.
void CountingSort(const std::vector<uint32_t>& keys, size_t bound, std::vector<int64_t>* order) {
  std::vector<int64_t> next(bound + 1, 0);
  for (const uint32_t key : keys) ++next[size_t{key} + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<int64_t> sorted(order->size());
  for (const int64_t index : *order) {
    sorted[static_cast<size_t>(next[keys[static_cast<size_t>(index)]]++)] = index;
  }
  order->swap(sorted);
}

// The indices of `table` by user row, then item row, then order of arrival.
std::vector<int64_t> OrderByPair(const InteractionTable& table) {
  std::vector<int64_t> order(table.user_rows.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  CountingSort(table.item_rows, table.items->size(), &order);
  CountingSort(table.user_rows, table.users->size(), &order);
  return order;
}

// The one of `indices`, in order of arrival, with the latest time.
size_t Latest(const InteractionTable& table, absl::Span<const int64_t> indices) {
  auto latest = static_cast<size_t>(indices.front());
  for (const int64_t index : indices) {
    const auto candidate = static_cast<size_t>(index);
    if (table.times[candidate] >= table.times[latest]) latest = candidate;
  }
  return latest;
}

float Sum(const InteractionTable& table, absl::Span<const int64_t> indices) {
  double sum = 0;
  for (const int64_t index : indices) sum += table.values[static_cast<size_t>(index)];
  constexpr double kLargest = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(sum, -kLargest, kLargest));
}

void Reserve(size_t size, InteractionTable* table) {
  table->user_rows.reserve(size);
  table->item_rows.reserve(size);
  table->values.reserve(size);
  table->times.reserve(size);
}

}  // namespace

void InteractionTable::AppendFrom(const InteractionTable& other, int64_t index) {
  const auto from = static_cast<size_t>(index);
  user_rows.push_back(other.user_rows[from]);
  item_rows.push_back(other.item_rows[from]);
  values.push_back(other.values[from]);
  times.push_back(other.times[from]);
}

InteractionTableBuilder::InteractionTableBuilder()
    : users_(std::make_shared<IdMap>()), items_(std::make_shared<IdMap>()) {}

InteractionTableBuilder::InteractionTableBuilder(const IdMap& users, const IdMap& items)
    : users_(std::make_shared<IdMap>(users)), items_(std::make_shared<IdMap>(items)) {}

void InteractionTableBuilder::Add(const Interaction& interaction) {
  table_.user_rows.push_back(users_->Add(interaction.user_id));
  table_.item_rows.push_back(items_->Add(interaction.item_id));
  table_.values.push_back(interaction.value);
  table_.times.push_back(absl::ToUnixMicros(interaction.time));
}

InteractionTable InteractionTableBuilder::Build() {
  InteractionTable built = std::exchange(table_, InteractionTable());
  built.users = std::exchange(users_, std::make_shared<IdMap>());
  built.items = std::exchange(items_, std::make_shared<IdMap>());
  return built;
}

InteractionTable Aggregate(const InteractionTable& table, Feedback feedback) {
  InteractionTable result;
  result.users = table.users;
  result.items = table.items;
  Reserve(table.user_rows.size(), &result);
  const std::vector<int64_t> order = OrderByPair(table);
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const auto first = static_cast<size_t>(order[begin]);
    const auto is_same_pair = [&](int64_t index) {
      const auto i = static_cast<size_t>(index);
      return table.user_rows[i] == table.user_rows[first] && table.item_rows[i] == table.item_rows[first];
    };
    for (end = begin + 1; end < order.size() && is_same_pair(order[end]);) ++end;
    const absl::Span<const int64_t> pair = absl::MakeConstSpan(order).subspan(begin, end - begin);
    result.AppendFrom(table, static_cast<int64_t>(Latest(table, pair)));
    if (feedback == Feedback::kImplicit) result.values.back() = Sum(table, pair);
  }
  return result;
}

}  // namespace ridgeline
