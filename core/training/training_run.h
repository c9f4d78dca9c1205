#ifndef RIDGELINE_CORE_TRAINING_TRAINING_RUN_H_
#define RIDGELINE_CORE_TRAINING_TRAINING_RUN_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "core/als/als_trainer.h"
#include "core/training/validation_gate.h"

namespace ridgeline {

enum class TrainingState {
  kQueued,
  kRunning,
  kSucceeded,
  kFailed,
  kCancelled,
  kHeldBack,  ///< trained and stored, but not made live: see the verdict
};

/// What a running training is doing.
enum class TrainingPhase {
  kWaiting,
  kReading,
  kBuilding,
  kTraining,
  kValidating,
  kPublishing,
  kLoading,
  kDone
};

enum class TrainingTrigger { kRequest, kInteractions, kInterval };

/// Where the factors of a run start.
enum class TrainingStart {
  kAutomatic,  ///< warm when the live model has the same feedback and K, cold otherwise
  kCold,       ///< random factors
  kWarm,       ///< the live factors; refused when they do not fit
};

/// What a caller may set for one run.
struct TrainingRequest {
  TrainingTrigger trigger = TrainingTrigger::kRequest;
  TrainingStart start = TrainingStart::kAutomatic;
  absl::optional<AlsOptions>
      als;  ///< in place of the retrainer's own; unset: those, with warm_iterations when warm
};

/// A run as it stands. A plain value.
struct TrainingRun {
  std::string id;  ///< "t000001", ...
  TrainingRequest request;
  TrainingState state = TrainingState::kQueued;
  TrainingPhase phase = TrainingPhase::kWaiting;
  bool warm = false;  ///< once it trains: whether it started from the live factors
  int iteration = 0;
  int iterations = 0;
  double objective = 0.0;
  absl::Duration eta;
  absl::Time create_time;
  absl::Time start_time;      ///< InfinitePast until it runs
  absl::Time end_time;        ///< InfinitePast until it ends
  absl::Status error;         ///< when kFailed
  std::string model_version;  ///< when kSucceeded or kHeldBack
  GateVerdict verdict;        ///< when kSucceeded or kHeldBack; its reason also tells of a failed erasure
  int64_t revision = 0;       ///< grows with every change

  bool ended() const { return state != TrainingState::kQueued && state != TrainingState::kRunning; }
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_TRAINING_RUN_H_
