#include "server/stores.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/backup/backup_source.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/serving/serving_snapshot.h"

namespace ridgeline {
namespace {

template <class Store>
absl::Status Open(const std::string& folder, std::unique_ptr<Store>* store) {
  absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(folder);
  if (!opened.ok()) return opened.status();
  *store = *std::move(opened);
  return absl::OkStatus();
}

absl::Status OpenAll(const std::string& data_dir, Stores* stores) {
  RIDGELINE_RETURN_IF_ERROR(MakeDirectoriesDurably(data_dir));
  RIDGELINE_RETURN_IF_ERROR(Open(data_dir + "/interactions", &stores->log));
  RIDGELINE_RETURN_IF_ERROR(Open(data_dir + "/catalog", &stores->catalog));
  RIDGELINE_RETURN_IF_ERROR(Open(data_dir + "/models", &stores->models));
  return RemoveAbandonedView(data_dir);
}

}  // namespace

absl::StatusOr<Stores> OpenStores(const std::string& data_dir) {
  Stores stores;
  const absl::Status status = OpenAll(data_dir, &stores);
  if (!status.ok()) {
    return absl::Status(status.code(), absl::StrCat("data folder ", data_dir, ": ", status.message()));
  }
  return stores;
}

absl::Status LoadLiveModel(const Stores& stores, const std::string& data_dir, SnapshotHolder* snapshots) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::string version, stores.models->LiveVersion());
  if (version.empty()) return absl::OkStatus();
  absl::StatusOr<StoredModel> stored = stores.models->Load(version);
  if (!stored.ok()) {
    return absl::Status(
        stored.status().code(),
        absl::StrCat("live model ", version, " cannot be loaded: ", stored.status().message(),
                     "; write another version's name into ", data_dir,
                     "/models/LIVE to serve that, or remove this file to start without a model"));
  }
  snapshots->Swap(ServingSnapshot::Create(*std::move(stored), *stores.catalog));
  return absl::OkStatus();
}

absl::Status LoadExperiment(const Stores& stores, SnapshotHolder* snapshots) {
  RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<Experiment> experiment, stores.models->CurrentExperiment());
  if (!experiment.has_value()) return absl::OkStatus();
  RIDGELINE_ASSIGN_OR_RETURN(StoredModel stored, stores.models->Load(experiment->candidate_version));
  snapshots->SetCandidate(std::make_shared<const Candidate>(
      Candidate{*experiment, ServingSnapshot::Create(std::move(stored), *stores.catalog)}));
  return absl::OkStatus();
}

}  // namespace ridgeline
