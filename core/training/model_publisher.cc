#include "core/training/model_publisher.h"

#include <algorithm>
#include <new>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/serving/serving_snapshot.h"

namespace ridgeline {
namespace {

// Why a model that was judged beside `judged` may not take the place of what is served `now`; "" when it may.
std::string WhatCameBetween(const ServedVersions& judged, const ServedVersions& now) {
  if (now.live != judged.live) {
    return absl::StrCat("held against ", judged.live.empty() ? "no live model" : judged.live, ", but ",
                        now.live, " has become live meanwhile");
  }
  if (now.experiment.empty() || now.experiment == judged.experiment) return "";
  return absl::StrCat("it would end experiment \"", now.experiment, "\", which has begun meanwhile");
}

}  // namespace

ServedVersions VersionsOf(const ServedModels& served) {
  ServedVersions versions;
  if (served.live != nullptr) versions.live = served.live->version();
  if (served.candidate != nullptr) versions.experiment = served.candidate->experiment.id;
  return versions;
}

absl::StatusOr<StoredModel> ModelPublisher::Write(StoredModel trained) {
  RIDGELINE_ASSIGN_OR_RETURN(trained.info, store_->Publish(*trained.model, std::move(trained.info)));
  return trained;
}

absl::StatusOr<ModelInfo> ModelPublisher::MakeLive(StoredModel stored, const ServedVersions& judged_beside) {
  MutexLock lock(&mutex_);
  stored.info.held_back = WhatCameBetween(judged_beside, VersionsOf(snapshots_->All()));
  if (!stored.info.held_back.empty()) return KeepAside(std::move(stored));
  SnapshotPointer snapshot;
  RIDGELINE_RETURN_IF_ERROR(RunAside([&] {
    snapshot = Prepare(std::move(stored));
    return absl::OkStatus();
  }));
  return SwapIn(std::move(snapshot));
}

absl::StatusOr<ModelInfo> ModelPublisher::KeepAside(StoredModel stored) {
  RIDGELINE_RETURN_IF_ERROR(store_->Replace(*stored.model, stored.info));
  Prune();
  return std::move(stored.info);
}

absl::Status ModelPublisher::Reload(const std::vector<std::string>& versions) {
  const auto changed = [&](const SnapshotPointer& snapshot) {
    return std::find(versions.begin(), versions.end(), snapshot->version()) != versions.end();
  };
  MutexLock lock(&mutex_);
  const ServedModels served = snapshots_->All();
  if (served.live != nullptr && changed(served.live)) {
    RIDGELINE_ASSIGN_OR_RETURN(SnapshotPointer snapshot, Read(served.live->version()));
    RIDGELINE_RETURN_IF_ERROR(SwapIn(std::move(snapshot)).status());
  }
  if (served.candidate != nullptr && changed(served.candidate->snapshot)) {
    const Experiment& experiment = served.candidate->experiment;
    RIDGELINE_ASSIGN_OR_RETURN(SnapshotPointer snapshot, Read(experiment.candidate_version));
    snapshots_->SetCandidate(std::make_shared<const Candidate>(Candidate{experiment, std::move(snapshot)}));
  }
  return absl::OkStatus();
}

absl::StatusOr<ModelInfo> ModelPublisher::Activate(const std::string& version, const StillWanted& wanted) {
  MutexLock lock(&mutex_);
  RIDGELINE_RETURN_IF_ERROR(wanted());
  RIDGELINE_ASSIGN_OR_RETURN(SnapshotPointer snapshot, Load(version));
  return SwapIn(std::move(snapshot));
}

ModelPublisher::SnapshotPointer ModelPublisher::Prepare(StoredModel stored) {
  SnapshotPointer snapshot = ServingSnapshot::Create(std::move(stored), *catalog_, arena_);
  if (recommender_ != nullptr) recommender_->WarmUp(snapshot);
  return snapshot;
}

absl::StatusOr<ModelInfo> ModelPublisher::SwapIn(SnapshotPointer snapshot) {
  ModelInfo info = snapshot->info();
  RIDGELINE_RETURN_IF_ERROR(store_->SetLive(info.version));
  snapshots_->Swap(std::move(snapshot));
  Prune();
  return info;
}

absl::StatusOr<ModelPublisher::SnapshotPointer> ModelPublisher::Load(const std::string& version) {
  const ServedModels served = snapshots_->All();
  if (served.candidate != nullptr && served.candidate->snapshot->version() == version) {
    return served.candidate->snapshot;
  }
  return Read(version);
}

absl::StatusOr<ModelPublisher::SnapshotPointer> ModelPublisher::Read(const std::string& version) {
  SnapshotPointer snapshot;
  RIDGELINE_RETURN_IF_ERROR(RunAside([&]() -> absl::Status {
    RIDGELINE_ASSIGN_OR_RETURN(StoredModel stored, store_->Load(version));
    snapshot = Prepare(std::move(stored));
    return absl::OkStatus();
  }));
  return snapshot;
}

absl::StatusOr<Experiment> ModelPublisher::SetExperiment(Experiment experiment, const StillWanted& wanted) {
  MutexLock lock(&mutex_);
  RIDGELINE_RETURN_IF_ERROR(wanted());
  const ServedModels served = snapshots_->All();
  if (served.live == nullptr) return absl::FailedPreconditionError("no model is loaded");
  experiment.live_version = served.live->version();
  if (experiment.id.empty()) {
    experiment.id = absl::StrCat(experiment.live_version, "-", experiment.candidate_version);
  }
  RIDGELINE_RETURN_IF_ERROR(ValidateExperiment(experiment));
  RIDGELINE_ASSIGN_OR_RETURN(SnapshotPointer snapshot, Load(experiment.candidate_version));
  const bool goes_on = served.candidate != nullptr && served.candidate->snapshot == snapshot &&
                       served.candidate->experiment.id == experiment.id;
  if (goes_on) experiment.start_time = served.candidate->experiment.start_time;
  RIDGELINE_RETURN_IF_ERROR(store_->SetExperiment(experiment));
  snapshots_->SetCandidate(std::make_shared<const Candidate>(Candidate{experiment, std::move(snapshot)}));
  return experiment;
}

absl::StatusOr<Experiment> ModelPublisher::EndExperiment() {
  MutexLock lock(&mutex_);
  const std::shared_ptr<const Candidate> candidate = snapshots_->All().candidate;
  RIDGELINE_RETURN_IF_ERROR(store_->EndExperiment());
  if (candidate == nullptr) return absl::NotFoundError("no experiment runs");
  snapshots_->SetCandidate(nullptr);
  return candidate->experiment;
}

absl::Status ModelPublisher::RunAside(const std::function<absl::Status()>& work) {
  absl::Status status;
  arena_->ParallelFor(1, 1, [&](int64_t, int64_t) {
    try {
      status = work();
    } catch (const std::bad_alloc&) {
      status = absl::ResourceExhaustedError("the model needs more memory than there is");
    }
  });
  return status;
}

}  // namespace ridgeline
