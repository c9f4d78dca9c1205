#include "core/lab/cold_items.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "core/base/random.h"
#include "core/dataset/split.h"

namespace ridgeline {
namespace {

// Streams of the seed: the order of the items' rows, then which are held out, then what is known of each.
constexpr uint64_t kOrderStream = 0;
constexpr uint64_t kHoldOutStream = uint64_t{1} << 40;
constexpr uint64_t kKnownStream = uint64_t{1} << 41;

template <typename T>
void Shuffle(Random random, std::vector<T>& values) {
  for (size_t at = values.size(); at > 1; --at) std::swap(values[at - 1], values[random.Below(at)]);
}

InteractionTable EmptyLike(const InteractionTable& table) {
  InteractionTable empty;
  empty.users = table.users;
  empty.items = table.items;
  return empty;
}

// `table` with the rows of its items in random order.
InteractionTable ShuffleItems(InteractionTable table, uint64_t seed) {
  std::vector<uint32_t> order(table.items->size());
  std::iota(order.begin(), order.end(), 0u);
  Shuffle(Random::Fork(seed, kOrderStream), order);
  auto ids = std::make_shared<IdMap>();
  std::vector<uint32_t> new_rows(order.size());
  for (const uint32_t old_row : order) new_rows[old_row] = ids->Add(table.items->Id(old_row));
  for (uint32_t& row : table.item_rows) row = new_rows[row];
  table.items = std::move(ids);
  return table;
}

// Indices into `table` of each item's interactions with users of `by_user`, shuffled; none of the others.
std::vector<std::vector<int64_t>> DrawOrders(const InteractionTable& table, const CsrMatrix& by_user,
                                             uint64_t seed) {
  std::vector<std::vector<int64_t>> orders(table.items->size());
  for (int64_t i = 0; i < table.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    if (by_user.RowEntries(table.user_rows[at]) > 0) orders[table.item_rows[at]].push_back(i);
  }
  for (size_t item = 0; item < orders.size(); ++item) {
    Shuffle(Random::Fork(seed, kKnownStream + item), orders[item]);
  }
  return orders;
}

History ToHistory(const InteractionTable& table, const std::vector<int64_t>& order, size_t count) {
  History history;
  for (size_t at = 0; at < count; ++at) {
    history.rows.push_back(table.user_rows[static_cast<size_t>(order[at])]);
    history.values.push_back(table.values[static_cast<size_t>(order[at])]);
  }
  return history;
}

// Parts the interactions of held-out items, `table`, into what may be known and what is tested. `met` has
// those of the other items.
void PartHeldOut(const InteractionTable& table, const ColdItemOptions& options, InteractionTable met,
                 ColdItems& cold) {
  const Feedback feedback = cold.train.feedback;
  const std::vector<std::vector<int64_t>> orders = DrawOrders(table, cold.train.by_user, options.seed);
  InteractionTable test = EmptyLike(table);
  for (const uint32_t item : cold.items) {
    const std::vector<int64_t>& order = orders[item];
    const size_t known = std::min(order.size() / 2, static_cast<size_t>(options.known));
    cold.known.push_back(ToHistory(table, order, known));
    for (size_t at = 0; at < order.size(); ++at) (at < known ? met : test).AppendFrom(table, order[at]);
  }
  cold.met = BuildDataset(std::move(met), feedback).by_user;
  cold.test = BuildDataset(std::move(test), feedback).by_user;
}

// `table` without the users that have no row in `by_user`.
InteractionTable OfUsers(const InteractionTable& table, const CsrMatrix& by_user) {
  InteractionTable kept = EmptyLike(table);
  for (int64_t i = 0; i < table.size(); ++i) {
    if (by_user.RowEntries(table.user_rows[static_cast<size_t>(i)]) > 0) kept.AppendFrom(table, i);
  }
  return kept;
}

}  // namespace

ColdItems HoldOutItems(const InteractionTable& table, Feedback feedback, const ColdItemOptions& options) {
  const InteractionTable shuffled = ShuffleItems(table, options.seed);
  ColdItems cold;
  std::vector<bool> is_cold(shuffled.items->size());
  for (uint32_t item = 0; item < is_cold.size(); ++item) {
    is_cold[item] = Random::Fork(options.seed, kHoldOutStream + item).Uniform() < options.share;
    if (is_cold[item]) cold.items.push_back(item);
  }
  InteractionTable of_cold = EmptyLike(shuffled), others = EmptyLike(shuffled);
  for (int64_t i = 0; i < shuffled.size(); ++i) {
    const bool held_out = is_cold[shuffled.item_rows[static_cast<size_t>(i)]];
    (held_out ? of_cold : others).AppendFrom(shuffled, i);
  }
  SplitOptions split_options;
  split_options.kind = SplitKind::kRandomPerUser;
  split_options.fraction = options.warm_share;
  split_options.seed = options.seed;
  const Split split = SplitInteractions(others, split_options);
  cold.train = BuildDataset(split.train, feedback);
  cold.warm_test = BuildDataset(OfUsers(split.test, cold.train.by_user), feedback).by_user;
  PartHeldOut(of_cold, options, split.train, cold);
  return cold;
}

}  // namespace ridgeline
