#include "server/model_service.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/serving/serving_snapshot.h"
#include "server/convert_model.h"
#include "server/convert_time.h"
#include "server/convert_training.h"
#include "server/page_token.h"
#include "server/validation.h"
#include "server/version.h"

namespace ridgeline {
namespace {

constexpr char kModelList[] = "models";
constexpr int64_t kMaxModelsInPage = 1'000;

// Whether a store could have a model of this version; anything else must not reach the file system.
bool IsVersion(absl::string_view text) {
  return text.size() <= 32 && absl::ConsumePrefix(&text, "v") && !text.empty() &&
         absl::c_all_of(text, [](char c) { return absl::ascii_isdigit(c); });
}

bool IsOlder(absl::string_view version, absl::string_view than) {
  return version.size() != than.size() ? version.size() < than.size() : version < than;
}

absl::Status NoSuchModel(absl::string_view version, absl::string_view field = "version") {
  return absl::NotFoundError(absl::StrCat(field, ": there is no model \"", version.substr(0, 64), "\""));
}

}  // namespace

absl::StatusOr<v1::Model> ModelService::GetModel(const v1::GetModelRequest& request,
                                                 const CallInfo& /*call*/) {
  if (request.version().empty()) {
    const std::shared_ptr<const ServingSnapshot> live = parts_.snapshots->Get();
    if (live == nullptr) return absl::NotFoundError("no model is loaded");
    return ToProto(live->info(), live->version());
  }
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<ModelInfo> models, parts_.store->List());
  for (const ModelInfo& info : models) {
    if (info.version == request.version()) return ToProto(info, LiveVersion());
  }
  return NoSuchModel(request.version());
}

absl::StatusOr<v1::ListModelsResponse> ModelService::ListModels(const v1::ListModelsRequest& request,
                                                                const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const int64_t page_size, ResolvePageSize(request.page_size(), kMaxModelsInPage));
  RIDGELINE_ASSIGN_OR_RETURN(const std::string after, DecodePageToken(kModelList, request.page_token()));
  RIDGELINE_ASSIGN_OR_RETURN(std::vector<ModelInfo> models, parts_.store->List());
  std::reverse(models.begin(), models.end());
  const std::string live = LiveVersion();
  v1::ListModelsResponse response;
  for (const ModelInfo& info : models) {
    if (!after.empty() && !IsOlder(info.version, after)) continue;
    if (response.models_size() == page_size) {
      response.set_next_page_token(EncodePageToken(kModelList, response.models().rbegin()->version()));
      break;
    }
    *response.add_models() = ToProto(info, live);
  }
  return response;
}

absl::StatusOr<v1::Training> ModelService::StartTraining(const v1::StartTrainingRequest& request,
                                                         const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const TrainingRequest training,
                             FromProto(request, parts_.retrainer->options().als));
  RIDGELINE_ASSIGN_OR_RETURN(const TrainingRun run, parts_.retrainer->Start(training));
  return Describe(run);
}

absl::StatusOr<v1::Training> ModelService::GetTraining(const v1::GetTrainingRequest& request,
                                                       const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const TrainingRun run, parts_.retrainer->Get(request.training_id()));
  return Describe(run);
}

absl::StatusOr<v1::Training> ModelService::CancelTraining(const v1::CancelTrainingRequest& request,
                                                          const CallInfo& /*call*/) {
  if (request.training_id().empty()) return FieldError("training_id", "must not be empty");
  absl::StatusOr<TrainingRun> run = parts_.retrainer->Cancel(request.training_id());
  // That it has ended already is no error: the caller has what they wanted.
  if (absl::IsFailedPrecondition(run.status())) run = parts_.retrainer->Get(request.training_id());
  RIDGELINE_RETURN_IF_ERROR(run.status());
  return Describe(*run);
}

absl::StatusOr<v1::Model> ModelService::ActivateModel(const v1::ActivateModelRequest& request,
                                                      const CallInfo& call) {
  if (request.version().empty()) return FieldError("version", "must not be empty");
  if (!IsVersion(request.version())) return NoSuchModel(request.version());
  RIDGELINE_ASSIGN_OR_RETURN(
      const ModelInfo info, parts_.retrainer->Activate(request.version(), [&] { return call.CheckAlive(); }));
  parts_.on_model_change();
  return ToProto(info, LiveVersion());
}

absl::StatusOr<v1::Experiment> ModelService::SetExperiment(const v1::SetExperimentRequest& request,
                                                           const CallInfo& call) {
  if (request.candidate_version().empty()) return FieldError("candidate_version", "must not be empty");
  if (!IsVersion(request.candidate_version())) {
    return NoSuchModel(request.candidate_version(), "candidate_version");
  }
  Experiment experiment;
  experiment.id = request.id();
  experiment.candidate_version = request.candidate_version();
  experiment.share = request.share();
  RIDGELINE_ASSIGN_OR_RETURN(experiment,
                             parts_.retrainer->SetExperiment(experiment, [&] { return call.CheckAlive(); }));
  return ToProto(experiment);
}

absl::StatusOr<v1::Experiment> ModelService::GetExperiment(const v1::GetExperimentRequest& /*request*/,
                                                           const CallInfo& /*call*/) {
  const std::shared_ptr<const Candidate> candidate = parts_.snapshots->All().candidate;
  if (candidate == nullptr) return absl::NotFoundError("no experiment runs");
  return ToProto(candidate->experiment);
}

absl::StatusOr<v1::Experiment> ModelService::EndExperiment(const v1::EndExperimentRequest& /*request*/,
                                                           const CallInfo& call) {
  RIDGELINE_RETURN_IF_ERROR(call.CheckAlive());
  RIDGELINE_ASSIGN_OR_RETURN(const Experiment experiment, parts_.retrainer->EndExperiment());
  return ToProto(experiment);
}

absl::StatusOr<v1::ServerStatus> ModelService::GetServerStatus(const v1::GetServerStatusRequest& /*request*/,
                                                               const CallInfo& /*call*/) {
  const absl::Time now = parts_.clock->Now();
  v1::ServerStatus status;
  status.set_software_version(kSoftwareVersion);
  *status.mutable_start_time() = ToProto(parts_.process_start);
  *status.mutable_uptime() = ToProto(now - parts_.process_start);
  const ServedModels served = parts_.snapshots->All();
  const std::shared_ptr<const ServingSnapshot>& live = served.live;
  if (live != nullptr) {
    *status.mutable_live_model() = ToProto(live->info(), live->version());
    *status.mutable_model_age() = ToProto(now - live->info().create_time);
    status.set_user_count(live->info().users);
  }
  if (served.candidate != nullptr) *status.mutable_experiment() = ToProto(served.candidate->experiment);
  status.set_catalog_item_count(parts_.catalog->size());
  status.set_interaction_count(parts_.log->size());
  status.set_last_sequence(static_cast<int64_t>(parts_.log->last_sequence()));
  const absl::StatusOr<TrainingRun> latest = parts_.retrainer->Get("");
  if (latest.ok()) *status.mutable_latest_training() = Describe(*latest);
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<ModelInfo> models, parts_.store->List());
  status.set_model_count(static_cast<int64_t>(models.size()));
  return status;
}

std::string ModelService::LiveVersion() const {
  const std::shared_ptr<const ServingSnapshot> live = parts_.snapshots->Get();
  return live == nullptr ? std::string() : live->version();
}

v1::Training ModelService::Describe(const TrainingRun& run) const {
  return ToProto(run, parts_.retrainer->options().als);
}

}  // namespace ridgeline
