#include "core/als/warm_items.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace ridgeline {
namespace {

bool AllZero(absl::Span<const float> factors) {
  return std::all_of(factors.begin(), factors.end(), [](float factor) { return factor == 0.0f; });
}

}  // namespace

WarmItems::WarmItems(const FactorModel& model, const Dataset& dataset)
    : model_(model), dataset_(dataset), user_rows_(dataset.by_user.rows) {
  for (uint32_t user = 0; user < dataset.by_user.rows; ++user) {
    user_rows_[user] = model.user_ids().Find(dataset.users->Id(user));
  }
}

absl::optional<UserVector> WarmItems::Find(uint32_t item) const {
  const absl::optional<uint32_t> row = model_.item_ids().Find(dataset_.items->Id(item));
  if (!row.has_value() || AllZero(model_.items().Row(*row))) return FoldIn(item);
  const absl::Span<const float> factors = model_.items().Row(*row);
  return UserVector{{factors.begin(), factors.end()}, model_.items().biases[*row]};
}

absl::optional<UserVector> WarmItems::FoldIn(uint32_t item) const {
  const absl::Span<const uint32_t> users = dataset_.by_item.RowColumns(item);
  const absl::Span<const float> values = dataset_.by_item.RowValues(item);
  History history;
  for (size_t at = 0; at < users.size(); ++at) {
    if (!user_rows_[users[at]].has_value()) continue;
    history.rows.push_back(*user_rows_[users[at]]);
    history.values.push_back(values[at]);
  }
  // A system that cannot be solved tells nothing either.
  absl::StatusOr<UserVector> folded = FoldInItem(model_, history);
  if (!folded.ok() || AllZero(folded->factors)) return absl::nullopt;
  return *std::move(folded);
}

}  // namespace ridgeline
