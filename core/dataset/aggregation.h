#ifndef RIDGELINE_CORE_DATASET_AGGREGATION_H_
#define RIDGELINE_CORE_DATASET_AGGREGATION_H_

#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// One row for each distinct (user, item): explicit keeps the latest by time (ties, and tables without times:
/// the one that came last), implicit sums the values and keeps the latest time. Ordered by user row, then
/// item row. Takes, beyond `table` itself, the memory of its largest column: move a table in that is not
/// needed any more.
InteractionTable Aggregate(InteractionTable table, Feedback feedback);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_AGGREGATION_H_
