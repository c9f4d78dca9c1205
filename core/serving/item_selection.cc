#include "core/serving/item_selection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
absl::StatusOr<SelectedItems> SelectItems(const ItemSelection& selection, const ServingSnapshot& snapshot,
                                          const Catalog& catalog, ItemLookup& lookup) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<uint32_t> excluded,
                             lookup.FindAll(selection.exclude_item_ids, "filter.exclude_item_ids"));
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<uint32_t> candidates,
                             lookup.FindAll(selection.candidate_item_ids, "filter.candidate_item_ids"));
  std::shared_ptr<const TagSelection> by_tags =
      snapshot.tag_selections().Get(selection.tags, selection.include_unavailable, catalog);
  SelectedItems selected{by_tags->allowed, std::move(by_tags)};
  if (!selection.candidate_item_ids.empty()) {
    selected.filter.Intersect(ItemFilter::Only(snapshot.items(), candidates));
  }
  for (uint32_t row : excluded) selected.filter.Forbid(row);
  return selected;
}

void ForbidTags(const std::vector<std::string>& tags, const ServingSnapshot& snapshot, const Catalog& catalog,
                ItemFilter& filter) {
  snapshot.ordinal_rows().ForEachRow(catalog.WithAnyTag(tags), catalog,
                                     [&](uint32_t row) { filter.Forbid(row); });
}

void ForbidSeen(const UserState& state, ItemFilter& filter) {
  for (uint32_t row : state.history.rows) filter.Forbid(row);
  for (uint32_t row : state.unweighed_rows) filter.Forbid(row);
}

absl::StatusOr<absl::optional<ScoreAdjustment>> AdjustScores(const std::vector<Boost>& boosts,
                                                             const ServingSnapshot& snapshot,
                                                             const Catalog& catalog, ItemLookup& lookup) {
  absl::optional<ScoreAdjustment> adjustment;
  if (boosts.empty()) return adjustment;
  adjustment.emplace(snapshot.items());
  for (size_t i = 0; i < boosts.size(); ++i) {
    const ScoreAdjustment::Change change{boosts[i].multiply, boosts[i].add};
    if (!boosts[i].tag.empty()) {
      snapshot.ordinal_rows().ForEachRow(catalog.WithAnyTag({boosts[i].tag}), catalog,
                                         [&](uint32_t row) { adjustment->Apply(row, change); });
      continue;
    }
    RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<uint32_t> row, lookup.Find(boosts[i].item_id, [i] {
      return absl::StrCat("boosts[", i, "].item_id");
    }));
    if (row.has_value()) adjustment->Apply(*row, change);
  }
  return adjustment;
}

}  // namespace ridgeline
