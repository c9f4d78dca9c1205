#include "core/serving/item_selection.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

// Calls `visit` with the row of every ordinal in `bitmap`, which is of `catalog`, that the model has.
template <typename Visit>
void ForEachRow(const Bitmap& bitmap, const ServingSnapshot& snapshot, const Catalog& catalog,
                const Visit& visit) {
  if (bitmap.isEmpty()) return;
  const OrdinalRows::View rows = snapshot.ordinal_rows().Through(bitmap.maximum(), catalog);
  for (const uint32_t ordinal : bitmap) {
    const uint32_t row = rows.Row(ordinal);
    if (row != OrdinalRows::kNoRow) visit(row);
  }
}

void RequireTags(const TagFilter& tags, const ServingSnapshot& snapshot, const Catalog& catalog,
                 ItemFilter& filter) {
  if (!tags.any.empty() || !tags.all.empty()) {
    ItemFilter matching = ItemFilter::Only(snapshot.items(), {});
    ForEachRow(catalog.Matching(tags), snapshot, catalog, [&](uint32_t row) { matching.Allow(row); });
    filter.Intersect(matching);
  }
  if (!tags.none.empty()) ForbidTags(tags.none, snapshot, catalog, filter);
}

}  // namespace

absl::StatusOr<ItemFilter> SelectItems(const ItemSelection& selection, const ServingSnapshot& snapshot,
                                       const Catalog& catalog, ItemLookup& lookup) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<uint32_t> excluded,
                             lookup.FindAll(selection.exclude_item_ids, "filter.exclude_item_ids"));
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<uint32_t> candidates,
                             lookup.FindAll(selection.candidate_item_ids, "filter.candidate_item_ids"));
  ItemFilter filter = selection.candidate_item_ids.empty() ? ItemFilter(snapshot.items())
                                                           : ItemFilter::Only(snapshot.items(), candidates);
  for (uint32_t row : excluded) filter.Forbid(row);
  RequireTags(selection.tags, snapshot, catalog, filter);
  if (!selection.include_unavailable) {
    ForEachRow(catalog.Unavailable(), snapshot, catalog, [&](uint32_t row) { filter.Forbid(row); });
  }
  return filter;
}

void ForbidTags(const std::vector<std::string>& tags, const ServingSnapshot& snapshot, const Catalog& catalog,
                ItemFilter& filter) {
  ForEachRow(catalog.WithAnyTag(tags), snapshot, catalog, [&](uint32_t row) { filter.Forbid(row); });
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
      ForEachRow(catalog.WithAnyTag({boosts[i].tag}), snapshot, catalog,
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
