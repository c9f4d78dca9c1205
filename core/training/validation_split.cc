#include "core/training/validation_split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "core/base/random.h"

namespace ridgeline {
namespace {

InteractionTable NoneOf(const InteractionTable& table) {
  InteractionTable empty;
  empty.users = table.users;
  empty.items = table.items;
  return empty;
}

// The table's indices from the newest on, in random order where times are equal.
std::vector<size_t> NewestFirst(const InteractionTable& table, uint64_t seed) {
  std::vector<size_t> order(static_cast<size_t>(table.size()));
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), Random(seed));
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return table.times[a] > table.times[b]; });
  return order;
}

// How many rows of one user, or item, are in the table, and how many of them are held out.
class Side {
 public:
  Side(size_t ids, const std::vector<uint32_t>& rows, int64_t most)
      : total_(ids), held_out_(ids), most_(most) {
    for (const uint32_t row : rows) ++total_[row];
  }

  bool MayGive(uint32_t row) const { return held_out_[row] < most_ && held_out_[row] + 1 < total_[row]; }
  void Give(uint32_t row) { ++held_out_[row]; }

 private:
  std::vector<int64_t> total_;
  std::vector<int64_t> held_out_;
  const int64_t most_;
};

int64_t MostOfItem(int64_t held_out, size_t items) {
  const double share = std::max(kMostHeldOutOfItem, 2.0 / static_cast<double>(std::max<size_t>(items, 1)));
  return static_cast<int64_t>(std::ceil(static_cast<double>(held_out) * share));
}

// Whether each row is held out.
std::vector<bool> ChooseHeldOut(const InteractionTable& table, double fraction, uint64_t seed) {
  std::vector<bool> held_out(static_cast<size_t>(table.size()), false);
  const int64_t wanted = std::llround(static_cast<double>(table.size()) * fraction);
  if (wanted == 0) return held_out;
  Side users(table.users->size(), table.user_rows, kMostHeldOutOfUser);
  Side items(table.items->size(), table.item_rows, MostOfItem(wanted, table.items->size()));
  int64_t chosen = 0;
  for (const size_t i : NewestFirst(table, seed)) {
    if (chosen == wanted) break;
    if (!users.MayGive(table.user_rows[i]) || !items.MayGive(table.item_rows[i])) continue;
    users.Give(table.user_rows[i]);
    items.Give(table.item_rows[i]);
    held_out[i] = true;
    ++chosen;
  }
  return held_out;
}

}  // namespace

Split HoldOutNewest(const InteractionTable& table, double fraction, uint64_t seed) {
  const std::vector<bool> held_out = ChooseHeldOut(table, fraction, seed);
  Split split{NoneOf(table), NoneOf(table), NoneOf(table)};
  for (int64_t i = 0; i < table.size(); ++i) {
    (held_out[static_cast<size_t>(i)] ? split.test : split.train).AppendFrom(table, i);
  }
  return split;
}

InteractionTable SampleUsers(const InteractionTable& table, size_t users, uint64_t seed) {
  std::vector<uint32_t> rows = table.user_rows;
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  if (rows.size() <= users) return table;
  std::shuffle(rows.begin(), rows.end(), Random(seed));
  std::vector<bool> chosen(table.users->size(), false);
  for (size_t i = 0; i < users; ++i) chosen[rows[i]] = true;
  InteractionTable sample = NoneOf(table);
  for (int64_t i = 0; i < table.size(); ++i) {
    if (chosen[table.user_rows[static_cast<size_t>(i)]]) sample.AppendFrom(table, i);
  }
  return sample;
}

}  // namespace ridgeline
