#ifndef RIDGELINE_CORE_TRAINING_TRAINING_DATA_H_
#define RIDGELINE_CORE_TRAINING_TRAINING_DATA_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/base/cancellation.h"
#include "core/dataset/interaction_table.h"
#include "core/interactions/interaction_log.h"

namespace ridgeline {

/// The log up to sequence `through` as a table, in the log's order, its events weighed by type and age, from
/// the newest, whose time is put into `weight`. kCancelled, kFailedPrecondition when there is nothing, the
/// log's errors.
absl::StatusOr<InteractionTable> ReadTrainingTable(const InteractionLog& log, uint64_t through,
                                                   EventWeight& weight,
                                                   const CancellationToken& cancellation);

/// `table` aggregated by `feedback`; of implicit weights only those above 0, since the rest is no evidence.
/// Users and items of which nothing is left are in no id map. kFailedPrecondition when nothing is left.
absl::StatusOr<InteractionTable> AggregateEvidence(InteractionTable table, Feedback feedback);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_TRAINING_DATA_H_
