#include "core/training/model_publisher.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/serving/serving_snapshot.h"

namespace ridgeline {

absl::StatusOr<StoredModel> ModelPublisher::Write(StoredModel trained) {
  RIDGELINE_ASSIGN_OR_RETURN(trained.info, store_->Publish(*trained.model, std::move(trained.info)));
  return trained;
}

absl::StatusOr<ModelInfo> ModelPublisher::MakeLive(StoredModel stored) {
  std::shared_ptr<const ServingSnapshot> snapshot = ServingSnapshot::Create(std::move(stored), *catalog_);
  ModelInfo info = snapshot->info();
  MutexLock lock(&mutex_);
  RIDGELINE_RETURN_IF_ERROR(store_->SetLive(info.version));
  snapshots_->Swap(std::move(snapshot));
  // A version too many costs disk only, and the next run prunes again.
  store_->Prune(keep_versions_).IgnoreError();
  return info;
}

absl::StatusOr<ModelInfo> ModelPublisher::Activate(const std::string& version) {
  RIDGELINE_ASSIGN_OR_RETURN(StoredModel stored, store_->Load(version));
  return MakeLive(std::move(stored));
}

}  // namespace ridgeline
