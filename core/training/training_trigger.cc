#include "core/training/training_trigger.h"

namespace ridgeline {

absl::optional<TrainingTrigger> DecideTraining(const TriggerPolicy& policy, const TriggerState& state) {
  if (state.busy || state.new_interactions <= 0) return absl::nullopt;
  if (policy.interactions > 0 && state.new_interactions >= policy.interactions) {
    return TrainingTrigger::kInteractions;
  }
  if (policy.interval > absl::ZeroDuration() && state.since_last_run >= policy.interval) {
    return TrainingTrigger::kInterval;
  }
  return absl::nullopt;
}

}  // namespace ridgeline
