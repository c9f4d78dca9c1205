#include "core/serving/snapshot_holder.h"

#include <algorithm>
#include <utility>

namespace ridgeline {

std::shared_ptr<const ServingSnapshot> SnapshotHolder::Get() const {
  MutexLock lock(&mutex_);
  return served_.live;
}

ServedModels SnapshotHolder::All() const {
  MutexLock lock(&mutex_);
  return served_;
}

std::shared_ptr<const ServingSnapshot> SnapshotHolder::GetFor(const Subject& subject) const {
  return All().For(subject);
}

void SnapshotHolder::Swap(std::shared_ptr<const ServingSnapshot> snapshot) {
  snapshot = Guarded(std::move(snapshot));
  std::shared_ptr<const Candidate> ended;
  MutexLock lock(&mutex_);
  served_.live.swap(snapshot);
  const Candidate* const candidate = served_.candidate.get();
  if (candidate == nullptr) return;
  const bool goes_on =
      served_.live != nullptr && candidate->experiment.live_version == served_.live->version();
  if (!goes_on) served_.candidate.swap(ended);
}

void SnapshotHolder::SetCandidate(std::shared_ptr<const Candidate> candidate) {
  if (candidate != nullptr) {
    candidate =
        std::make_shared<const Candidate>(Candidate{candidate->experiment, Guarded(candidate->snapshot)});
  }
  MutexLock lock(&mutex_);
  served_.candidate.swap(candidate);
}

int SnapshotHolder::retired() const {
  return std::max(0, reaper_.unfreed() - served_count());
}

void SnapshotHolder::WaitForRetired() const {
  reaper_.WaitUntilUnfreed(served_count());
}

std::shared_ptr<const ServingSnapshot> SnapshotHolder::Guarded(
    std::shared_ptr<const ServingSnapshot> snapshot) {
  const ServedModels served = All();
  const bool is_candidate = served.candidate != nullptr && served.candidate->snapshot == snapshot;
  return is_candidate || snapshot == served.live ? snapshot : reaper_.Guard(std::move(snapshot));
}

int SnapshotHolder::served_count() const {
  const ServedModels served = All();
  return (served.live != nullptr ? 1 : 0) + (served.candidate != nullptr ? 1 : 0);
}

}  // namespace ridgeline
