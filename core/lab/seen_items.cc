#include "core/lab/seen_items.h"

#include <numeric>

#include "absl/types/optional.h"
#include "core/base/status_macros.h"

namespace ridgeline {

absl::StatusOr<SeenItems> SeenItems::Read(const std::string& path, const InteractionReaderOptions& options,
                                          const FactorModel& model) {
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  const InteractionSink collect = [&](Interaction&& interaction) {
    const absl::optional<uint32_t> user = model.user_ids().Find(interaction.user_id);
    const absl::optional<uint32_t> item = model.item_ids().Find(interaction.item_id);
    if (user.has_value() && item.has_value()) pairs.emplace_back(*user, *item);
    return absl::OkStatus();
  };
  RIDGELINE_RETURN_IF_ERROR(ReadInteractions(path, options, collect).status());
  return FromPairs(model.users().rows(), pairs);
}

// A counting sort by user.
SeenItems SeenItems::FromPairs(size_t users, absl::Span<const std::pair<uint32_t, uint32_t>> pairs) {
  SeenItems seen(users);
  for (const auto& [user, item] : pairs) ++seen.offsets_[size_t{user} + 1];
  std::partial_sum(seen.offsets_.begin(), seen.offsets_.end(), seen.offsets_.begin());
  seen.items_.resize(pairs.size());
  std::vector<size_t> next(seen.offsets_.begin(), seen.offsets_.end() - 1);
  for (const auto& [user, item] : pairs) seen.items_[next[user]++] = item;
  return seen;
}

}  // namespace ridgeline
