#ifndef RIDGELINE_CORE_TRAINING_COLD_ITEM_PLACEMENT_H_
#define RIDGELINE_CORE_TRAINING_COLD_ITEM_PLACEMENT_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalog/catalog.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// Tags that items are placed by, the most frequent ones: the time of placing grows with their cube.
inline constexpr size_t kMaxPlacingTags = 512;

/// `model` with the items of `catalog` that it lacks and that have a tag in common with items it has: placed
/// behind its own by AttributeMapping from their tags, with a popularity of 0, as placed_items; so that they
/// can be recommended before anybody met them. `interactions` [items] of each item of the model, which has
/// placed none yet. Users, the model's own items and all sums over items stay as they are, to the bit. The
/// model itself where there is nothing to place or to learn from. The errors of FactorModel::Create.
absl::StatusOr<std::shared_ptr<const FactorModel>> PlaceColdItems(std::shared_ptr<const FactorModel> model,
                                                                  const std::vector<float>& interactions,
                                                                  const Catalog& catalog);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_COLD_ITEM_PLACEMENT_H_
