#ifndef RIDGELINE_CORE_DATASET_DATASET_H_
#define RIDGELINE_CORE_DATASET_DATASET_H_

#include <memory>

#include "core/dataset/csr_matrix.h"
#include "core/dataset/id_map.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// What a trainer reads: one entry for each distinct (user, item), in both orientations. A plain value, held
/// as const by all who share it.
struct Dataset {
  Feedback feedback = Feedback::kExplicit;
  std::shared_ptr<const IdMap> users;
  std::shared_ptr<const IdMap> items;
  CsrMatrix by_user;  ///< [users x items]
  CsrMatrix by_item;  ///< [items x users], the transpose of by_user
};

/// Aggregates `table` by `feedback` and lays it out. See Aggregate for its memory.
Dataset BuildDataset(InteractionTable table, Feedback feedback);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_DATASET_H_
