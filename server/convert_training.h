#ifndef RIDGELINE_SERVER_CONVERT_TRAINING_H_
#define RIDGELINE_SERVER_CONVERT_TRAINING_H_

#include "absl/status/statusor.h"
#include "core/als/als_trainer.h"
#include "core/training/training_run.h"
#include "ridgeline/v1/model.pb.h"
#include "ridgeline/v1/model_service.pb.h"

namespace ridgeline {

/// What the retrainer is asked; `configured` is what the server trains with when nothing else is said.
/// kInvalidArgument naming the field.
absl::StatusOr<TrainingRequest> FromProto(const v1::StartTrainingRequest& request,
                                          const AlsOptions& configured);

/// `configured` fills in for a run whose request said nothing else.
v1::Training ToProto(const TrainingRun& run, const AlsOptions& configured);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CONVERT_TRAINING_H_
