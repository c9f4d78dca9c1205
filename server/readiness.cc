#include "server/readiness.h"

namespace ridgeline {
namespace {

constexpr const char* kServices[] = {"ridgeline.v1.BackupService", "ridgeline.v1.CatalogService",
                                     "ridgeline.v1.InteractionService", "ridgeline.v1.ModelService",
                                     "ridgeline.v1.RecommendationService"};

}  // namespace

bool Readiness::ready() const {
  MutexLock lock(&mutex_);
  return ReadyLocked();
}

void Readiness::Attach(grpc::HealthCheckServiceInterface* health) {
  MutexLock lock(&mutex_);
  health_ = health;
  RefreshLocked();
}

void Readiness::Refresh() {
  MutexLock lock(&mutex_);
  RefreshLocked();
}

void Readiness::Drain() {
  MutexLock lock(&mutex_);
  draining_ = true;
  RefreshLocked();
  health_ = nullptr;
}

bool Readiness::ReadyLocked() const {
  return !draining_ && (allow_empty_start_ || snapshots_->Get() != nullptr);
}

void Readiness::RefreshLocked() {
  if (health_ == nullptr) return;
  const bool ready = ReadyLocked();
  health_->SetServingStatus("", ready);
  for (const char* service : kServices) health_->SetServingStatus(service, ready);
}

}  // namespace ridgeline
