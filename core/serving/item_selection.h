#ifndef RIDGELINE_CORE_SERVING_ITEM_SELECTION_H_
#define RIDGELINE_CORE_SERVING_ITEM_SELECTION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "core/catalog/catalog.h"
#include "core/retrieval/item_filter.h"
#include "core/retrieval/score_adjustment.h"
#include "core/serving/item_lookup.h"
#include "core/serving/recommendation.h"
#include "core/serving/serving_snapshot.h"
#include "core/serving/tag_selections.h"
#include "core/serving/user_state.h"

namespace ridgeline {

/// The rows that a selection allows. A plain value.
struct SelectedItems {
  ItemFilter filter;
  std::shared_ptr<const TagSelection> by_tags;  ///< of the tags and availability alone: at least `filter`'s

  /// RetrievalQuery::among, valid as long as this is; also of a filter that allows less.
  const QuantizedMatrix* among() const { return by_tags->index.has_value() ? &*by_tags->index : nullptr; }
};

/// The rows that a validated `selection` allows, with the catalogue as it is now. Ids that the model does not
/// know are left to `lookup`. kInvalidArgument naming the field when one is no valid id.
absl::StatusOr<SelectedItems> SelectItems(const ItemSelection& selection, const ServingSnapshot& snapshot,
                                          const Catalog& catalog, ItemLookup& lookup);

/// Forbids what the user has met already.
void ForbidSeen(const UserState& state, ItemFilter& filter);

/// Forbids the items that carry one of `tags`.
void ForbidTags(const std::vector<std::string>& tags, const ServingSnapshot& snapshot, const Catalog& catalog,
                ItemFilter& filter);

/// What validated `boosts` do to scores, none when there are none. Unknown ids and errors as SelectItems.
absl::StatusOr<absl::optional<ScoreAdjustment>> AdjustScores(const std::vector<Boost>& boosts,
                                                             const ServingSnapshot& snapshot,
                                                             const Catalog& catalog, ItemLookup& lookup);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_ITEM_SELECTION_H_
