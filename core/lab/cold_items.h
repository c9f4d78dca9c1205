#ifndef RIDGELINE_CORE_LAB_COLD_ITEMS_H_
#define RIDGELINE_CORE_LAB_COLD_ITEMS_H_

#include <cstdint>
#include <vector>

#include "core/als/fold_in.h"
#include "core/dataset/dataset.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// How interactions are parted by items.
struct ColdItemOptions {
  double share = 0.2;       ///< probability with which an item is held out
  int known = 10;           ///< interactions of a held-out item that may be known, at most half of it has
  double warm_share = 0.2;  ///< of each user's interactions with the other items, tested too
  uint64_t seed = 1;
};

/// Interactions parted by items: those of held-out items are not trained on. A plain value.
///
/// Items have random row numbers, so that equal scores, which items with equal tags have, are not ranked by
/// order of appearance. Only users with training interactions are tested: nothing is known of the others.
struct ColdItems {
  Dataset train;                ///< of the other items, without `warm_test`
  std::vector<uint32_t> items;  ///< rows of the held-out items, ascending
  std::vector<History> known;   ///< [items.size()] in the order in which they become known
  CsrMatrix met;                ///< [users x items] `train` and `known`: what users are not asked for
  CsrMatrix test;               ///< [users x items] of the held-out items, all but `known`
  CsrMatrix warm_test;          ///< [users x items] of the other items
};

/// Parts an aggregated `table`. Depends on the table and `options` alone. The test part is the same however
/// many of the `known` are made use of.
ColdItems HoldOutItems(const InteractionTable& table, Feedback feedback, const ColdItemOptions& options);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_COLD_ITEMS_H_
