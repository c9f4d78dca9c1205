#ifndef RIDGELINE_CORE_TRAINING_VALIDATION_SPLIT_H_
#define RIDGELINE_CORE_TRAINING_VALIDATION_SPLIT_H_

#include <cstddef>
#include <cstdint>

#include "core/dataset/interaction_table.h"
#include "core/dataset/split.h"

namespace ridgeline {

/// What of the held-out part may belong to one user, and to one item: who floods the log with events must not
/// decide which model is good.
inline constexpr int64_t kMostHeldOutOfUser = 20;
inline constexpr double kMostHeldOutOfItem = 0.01;

/// Holds out the newest `fraction` of an aggregated table, in an order by `seed` among equal times: a random
/// part where all are equal and so tell nothing. From the newest backwards, those are passed over, and stay
/// in the training part, that would leave nothing of their user or item to train on, or make more than
/// kMostHeldOutOfUser rows of a user or more than kMostHeldOutOfItem of all of an item (twice an item's even
/// share, where there are few items). So fewer may be held out.
Split HoldOutNewest(const InteractionTable& table, double fraction, uint64_t seed);

/// The rows of `table` of at most `users` of its users, chosen by `seed`: measuring more of them costs time
/// and tells little more.
InteractionTable SampleUsers(const InteractionTable& table, size_t users, uint64_t seed);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_VALIDATION_SPLIT_H_
