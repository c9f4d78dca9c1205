#ifndef RIDGELINE_CORE_TRAINING_ITEM_FLOOD_H_
#define RIDGELINE_CORE_TRAINING_ITEM_FLOOD_H_

#include <string>

#include "core/model/factor_model.h"

namespace ridgeline {

/// An item that has more of the evidence than it should have come by. A plain value.
struct ItemFlood {
  std::string item_id;      ///< "" when there is none
  double share = 0.0;       ///< of all training interactions (explicit) or weights (implicit)
  double live_share = 0.0;  ///< of those of the live model; 0 when that does not know the item
};

/// Of the items whose share of the evidence of `model` is above a fifth, above ten even shares, and above
/// four times what it was in `live`, the one that has most: what one client that repeats itself, or a crowd
/// that was hired, does to a log. Other items' order hardly suffers, but whoever is unknown is shown this one
/// first.
ItemFlood FindItemFlood(const FactorModel& model, const FactorModel& live);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_ITEM_FLOOD_H_
