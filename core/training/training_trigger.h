#ifndef RIDGELINE_CORE_TRAINING_TRAINING_TRIGGER_H_
#define RIDGELINE_CORE_TRAINING_TRAINING_TRIGGER_H_

#include <cstdint>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "core/training/training_run.h"

namespace ridgeline {

/// When to train without being asked; 0 switches a condition off.
struct TriggerPolicy {
  int64_t interactions = 0;
  absl::Duration interval = absl::ZeroDuration();
};

/// What the decision rests on.
struct TriggerState {
  int64_t new_interactions = 0;   ///< in the log since the last run began
  absl::Duration since_last_run;  ///< since the last run ended, or since start-up
  bool busy = false;              ///< a run is queued or running
};

/// Why to train now, if so: never without new interactions. Pure; count is looked at before time.
absl::optional<TrainingTrigger> DecideTraining(const TriggerPolicy& policy, const TriggerState& state);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_TRAINING_TRIGGER_H_
