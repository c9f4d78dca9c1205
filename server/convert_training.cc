#include "server/convert_training.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "server/convert_model.h"
#include "server/convert_time.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

absl::StatusOr<TrainingStart> StartFromProto(v1::TrainingMode mode) {
  switch (mode) {
    case v1::TRAINING_MODE_UNSPECIFIED:
      return TrainingStart::kAutomatic;
    case v1::TRAINING_MODE_FULL:
      return TrainingStart::kCold;
    case v1::TRAINING_MODE_WARM:
      return TrainingStart::kWarm;
    default:
      return FieldError("mode", absl::StrCat("is not a known value: ", static_cast<int>(mode)));
  }
}

bool OverridesOptions(const v1::StartTrainingRequest& request) {
  return request.has_hyperparameters() || request.has_iterations() || request.has_seed() ||
         request.has_tolerance();
}

absl::StatusOr<AlsOptions> Override(const AlsOptions& configured, const v1::StartTrainingRequest& request) {
  AlsOptions als = configured;
  RIDGELINE_ASSIGN_OR_RETURN(als.hyperparameters,
                             ridgeline::Override(configured.hyperparameters, request.hyperparameters()));
  if (request.has_iterations()) {
    RIDGELINE_RETURN_IF_ERROR(CheckRange("iterations", request.iterations(), 1, 10'000));
    als.iterations = request.iterations();
  }
  if (request.has_seed()) als.seed = request.seed();
  if (request.has_tolerance()) {
    if (!(request.tolerance() >= 0.0 && request.tolerance() < 1.0)) {
      return FieldError("tolerance",
                        absl::StrCat("must be 0 or more and below 1, got ", request.tolerance()));
    }
    als.tolerance = request.tolerance();
  }
  return als;
}

v1::TrainingState StateToProto(TrainingState state) {
  switch (state) {
    case TrainingState::kQueued:
      return v1::TRAINING_STATE_QUEUED;
    case TrainingState::kRunning:
      return v1::TRAINING_STATE_RUNNING;
    case TrainingState::kSucceeded:
      return v1::TRAINING_STATE_SUCCEEDED;
    case TrainingState::kFailed:
      return v1::TRAINING_STATE_FAILED;
    case TrainingState::kCancelled:
      return v1::TRAINING_STATE_CANCELLED;
    case TrainingState::kHeldBack:
      return v1::TRAINING_STATE_HELD_BACK;
  }
  return v1::TRAINING_STATE_UNSPECIFIED;
}

v1::TrainingPhase PhaseToProto(TrainingPhase phase) {
  switch (phase) {
    case TrainingPhase::kWaiting:
      return v1::TRAINING_PHASE_UNSPECIFIED;
    case TrainingPhase::kReading:
      return v1::TRAINING_PHASE_READING;
    case TrainingPhase::kBuilding:
      return v1::TRAINING_PHASE_BUILDING;
    case TrainingPhase::kTraining:
      return v1::TRAINING_PHASE_TRAINING;
    case TrainingPhase::kValidating:
      return v1::TRAINING_PHASE_VALIDATING;
    case TrainingPhase::kPublishing:
      return v1::TRAINING_PHASE_PUBLISHING;
    case TrainingPhase::kLoading:
    case TrainingPhase::kDone:  // the last thing that it did was to load
      return v1::TRAINING_PHASE_LOADING;
  }
  return v1::TRAINING_PHASE_UNSPECIFIED;
}

v1::TrainingTrigger TriggerToProto(TrainingTrigger trigger) {
  switch (trigger) {
    case TrainingTrigger::kRequest:
      return v1::TRAINING_TRIGGER_REQUEST;
    case TrainingTrigger::kInteractions:
      return v1::TRAINING_TRIGGER_INTERACTIONS;
    case TrainingTrigger::kInterval:
      return v1::TRAINING_TRIGGER_INTERVAL;
  }
  return v1::TRAINING_TRIGGER_UNSPECIFIED;
}

// How it did start once that is decided, before that how it was asked to.
v1::TrainingMode ModeOf(const TrainingRun& run) {
  if (run.warm) return v1::TRAINING_MODE_WARM;
  if (run.iterations > 0) return v1::TRAINING_MODE_FULL;
  switch (run.request.start) {
    case TrainingStart::kAutomatic:
      return v1::TRAINING_MODE_UNSPECIFIED;
    case TrainingStart::kCold:
      return v1::TRAINING_MODE_FULL;
    case TrainingStart::kWarm:
      return v1::TRAINING_MODE_WARM;
  }
  return v1::TRAINING_MODE_UNSPECIFIED;
}

v1::ModelValidation ValidationToProto(const GateVerdict& verdict) {
  v1::ModelValidation message;
  message.set_metric(verdict.metric);
  message.set_baseline(verdict.baseline);
  message.set_user_count(verdict.users);
  message.set_model_score(verdict.model_figure);
  message.set_baseline_score(verdict.baseline_figure);
  message.set_live_version(verdict.live_version);
  message.set_live_user_count(verdict.live_users);
  message.set_live_score(verdict.live_figure);
  message.set_model_score_beside_live(verdict.model_beside_live_figure);
  message.set_held_back(verdict.held_back);
  message.set_reason(verdict.reason);
  return message;
}

void SetTimes(const TrainingRun& run, v1::Training* message) {
  *message->mutable_create_time() = ToProto(run.create_time);
  if (run.state != TrainingState::kQueued && run.start_time != absl::InfinitePast()) {
    *message->mutable_start_time() = ToProto(run.start_time);
  }
  if (run.ended()) *message->mutable_end_time() = ToProto(run.end_time);
}

}  // namespace

absl::StatusOr<TrainingRequest> FromProto(const v1::StartTrainingRequest& request,
                                          const AlsOptions& configured) {
  TrainingRequest result;
  RIDGELINE_ASSIGN_OR_RETURN(result.start, StartFromProto(request.mode()));
  if (OverridesOptions(request)) {
    RIDGELINE_ASSIGN_OR_RETURN(result.als, Override(configured, request));
  }
  return result;
}

v1::Training ToProto(const TrainingRun& run, const AlsOptions& configured) {
  const AlsOptions& als = run.request.als.has_value() ? *run.request.als : configured;
  v1::Training message;
  message.set_id(run.id);
  message.set_state(StateToProto(run.state));
  message.set_phase(PhaseToProto(run.phase));
  message.set_iteration(run.iteration);
  message.set_iterations(run.iterations);
  if (run.iteration > 0) message.set_objective(run.objective);
  if (run.phase == TrainingPhase::kTraining && run.iteration > 0 && !run.ended()) {
    *message.mutable_eta() = ToProto(run.eta);
  }
  if (run.state == TrainingState::kFailed) message.set_error(std::string(run.error.message()));
  message.set_model_version(run.model_version);
  if (!run.model_version.empty()) *message.mutable_validation() = ValidationToProto(run.verdict);
  message.set_trigger(TriggerToProto(run.request.trigger));
  message.set_mode(ModeOf(run));
  SetTimes(run, &message);
  *message.mutable_hyperparameters() = ToProto(als.hyperparameters);
  return message;
}

}  // namespace ridgeline
