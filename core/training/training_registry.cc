#include "core/training/training_registry.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ridgeline {
namespace {

constexpr size_t kRemembered = 100;
constexpr absl::Duration kLongestWait = absl::Hours(24);  // so that deadlines do not overflow

absl::Status NoSuchRun(const std::string& id) {
  return absl::NotFoundError(absl::StrCat("training_id: there is no training \"", id, "\""));
}

}  // namespace

TrainingRegistry::TrainingRegistry(const Clock* clock, std::function<void(const TrainingRun&)> on_change)
    : clock_(clock), on_change_(std::move(on_change)) {}

std::string TrainingRegistry::NewId() {
  MutexLock lock(&mutex_);
  return absl::StrFormat("t%06d", next_number_++);
}

TrainingRun TrainingRegistry::Add(const std::string& id, const TrainingRequest& request) {
  TrainingRun run;
  run.id = id;
  run.request = request;
  run.create_time = clock_->Now();
  run.start_time = absl::InfinitePast();
  run.end_time = absl::InfinitePast();
  run.revision = 1;
  {
    MutexLock lock(&mutex_);
    if (runs_.size() >= kRemembered) ForgetOldest();
    runs_.push_back(run);
    changed_.SignalAll();
  }
  if (on_change_) on_change_(run);
  return run;
}

TrainingRun TrainingRegistry::Update(const std::string& id, absl::FunctionRef<void(TrainingRun&)> change) {
  TrainingRun copy;
  {
    MutexLock lock(&mutex_);
    const auto found =
        std::find_if(runs_.begin(), runs_.end(), [&](const TrainingRun& run) { return run.id == id; });
    if (found == runs_.end() || found->ended()) return copy;
    TrainingRun& run = *found;
    const bool was_queued = run.state == TrainingState::kQueued;
    change(run);
    ++run.revision;
    if (was_queued && run.state == TrainingState::kRunning) run.start_time = clock_->Now();
    if (run.ended()) run.end_time = clock_->Now();
    copy = run;
    changed_.SignalAll();
  }
  if (on_change_) on_change_(copy);
  return copy;
}

absl::StatusOr<TrainingRun> TrainingRegistry::Get(const std::string& id) const {
  MutexLock lock(&mutex_);
  const TrainingRun* run = Find(id);
  if (run == nullptr) return NoSuchRun(id);
  return *run;
}

std::vector<TrainingRun> TrainingRegistry::List() const {
  MutexLock lock(&mutex_);
  return std::vector<TrainingRun>(runs_.rbegin(), runs_.rend());
}

absl::StatusOr<TrainingRun> TrainingRegistry::WaitForChange(const std::string& id, int64_t seen,
                                                            absl::Duration timeout) const {
  const auto deadline =
      std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(std::min(timeout, kLongestWait));
  MutexLock lock(&mutex_);
  for (;;) {
    const TrainingRun* run = Find(id);
    if (run == nullptr) return NoSuchRun(id);
    const absl::Duration left = absl::FromChrono(deadline - std::chrono::steady_clock::now());
    if (run->revision != seen || run->ended() || left <= absl::ZeroDuration()) return *run;
    changed_.WaitWithTimeout(&mutex_, left);
  }
}

void TrainingRegistry::ForgetOldest() {
  const auto oldest =
      std::find_if(runs_.begin(), runs_.end(), [](const TrainingRun& run) { return run.ended(); });
  if (oldest != runs_.end()) runs_.erase(oldest);
}

const TrainingRun* TrainingRegistry::Find(const std::string& id) const {
  if (id.empty()) return runs_.empty() ? nullptr : &runs_.back();
  const auto found =
      std::find_if(runs_.begin(), runs_.end(), [&](const TrainingRun& run) { return run.id == id; });
  return found == runs_.end() ? nullptr : &*found;
}

}  // namespace ridgeline
