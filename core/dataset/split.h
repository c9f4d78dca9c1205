#ifndef RIDGELINE_CORE_DATASET_SPLIT_H_
#define RIDGELINE_CORE_DATASET_SPLIT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/dataset/interaction_table.h"

namespace ridgeline {

/// How held-out interactions are chosen.
enum class SplitKind {
  kNone,
  kRandom,         ///< each interaction with probability `fraction`
  kRandomPerUser,  ///< of each user's n interactions, round(n * fraction) at random
  kLeaveLastOut,   ///< of each user with at least two, the latest
  kByTime,         ///< the latest `fraction` of all
  kUsers,  ///< strong generalization: `fraction` of the users leave the training set whole; of each of them,
           ///< a share `holdout` is tested and the rest is what they are folded in with
};

struct SplitOptions {
  SplitKind kind = SplitKind::kNone;
  double fraction = 0.1;  ///< in (0, 1)
  double holdout = 0.2;   ///< in (0, 1); kUsers only
  uint64_t seed = 1;
};

/// The parts, which share the id maps of the table they came from.
struct Split {
  InteractionTable train;
  InteractionTable fold_in;  ///< kUsers: the known part of held-out users; empty otherwise
  InteractionTable test;
};

/// Parses none, random:F, random-per-user:F, last, time:F or users:F[:H] as the command line spells them.
/// kInvalidArgument beginning with "split" otherwise.
absl::StatusOr<SplitOptions> ParseSplit(absl::string_view text);

/// Splits `table`, which must be aggregated already so that no pair can be on both sides.
Split SplitInteractions(const InteractionTable& table, const SplitOptions& options);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_SPLIT_H_
