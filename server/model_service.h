#ifndef RIDGELINE_SERVER_MODEL_SERVICE_H_
#define RIDGELINE_SERVER_MODEL_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/catalog/catalog.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_store.h"
#include "core/serving/snapshot_holder.h"
#include "core/training/retrainer.h"
#include "ridgeline/v1/model.pb.h"
#include "ridgeline/v1/model_service.pb.h"
#include "server/call_info.h"

namespace ridgeline {

/// What ModelService works with. The pointers must outlive it.
struct ModelServiceParts {
  Retrainer* retrainer = nullptr;
  const ModelStore* store = nullptr;
  const SnapshotHolder* snapshots = nullptr;
  const InteractionLog* log = nullptr;
  const Catalog* catalog = nullptr;
  const Clock* clock = nullptr;
  absl::Time process_start;
  std::function<void()> on_model_change;  ///< called after another model was made live by request
};

/// The unary methods of ridgeline.v1.ModelService; model_service.proto says what each does and which errors
/// it gives. Thread-safe.
class ModelService {
 public:
  explicit ModelService(ModelServiceParts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::Model> GetModel(const v1::GetModelRequest& request, const CallInfo& call);
  absl::StatusOr<v1::ListModelsResponse> ListModels(const v1::ListModelsRequest& request,
                                                    const CallInfo& call);
  absl::StatusOr<v1::Training> StartTraining(const v1::StartTrainingRequest& request, const CallInfo& call);
  absl::StatusOr<v1::Training> GetTraining(const v1::GetTrainingRequest& request, const CallInfo& call);
  absl::StatusOr<v1::Training> CancelTraining(const v1::CancelTrainingRequest& request, const CallInfo& call);
  absl::StatusOr<v1::Model> ActivateModel(const v1::ActivateModelRequest& request, const CallInfo& call);
  absl::StatusOr<v1::Experiment> SetExperiment(const v1::SetExperimentRequest& request, const CallInfo& call);
  absl::StatusOr<v1::Experiment> GetExperiment(const v1::GetExperimentRequest& request, const CallInfo& call);
  absl::StatusOr<v1::Experiment> EndExperiment(const v1::EndExperimentRequest& request, const CallInfo& call);
  absl::StatusOr<v1::ServerStatus> GetServerStatus(const v1::GetServerStatusRequest& request,
                                                   const CallInfo& call);

 private:
  std::string LiveVersion() const;
  v1::Training Describe(const TrainingRun& run) const;

  const ModelServiceParts parts_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_MODEL_SERVICE_H_
