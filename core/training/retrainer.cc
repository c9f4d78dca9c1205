#include "core/training/retrainer.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/thread_priority.h"
#include "core/training/training_trigger.h"

namespace ridgeline {
namespace {

constexpr absl::Duration kPollInterval = absl::Seconds(1);

// Writes what a job reports into its run.
class RunReporter final : public TrainingObserver {
 public:
  RunReporter(TrainingRegistry* registry, std::string id) : registry_(registry), id_(std::move(id)) {}

  void OnPhase(TrainingPhase phase) override {
    registry_->Update(id_, [&](TrainingRun& run) { run.phase = phase; });
  }

  void OnIteration(int iteration, int iterations, double objective, absl::Duration eta) override {
    registry_->Update(id_, [&](TrainingRun& run) {
      run.iteration = iteration;
      run.iterations = iterations;
      run.objective = objective;
      run.eta = eta;
    });
  }

 private:
  TrainingRegistry* const registry_;
  const std::string id_;
};

// What `work` returns, or what it throws, be it for want of memory, as a status.
absl::Status Caught(const std::function<absl::Status()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("the training needs more memory than there is");
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("the training failed: ", error.what()));
  }
}

// Says in `verdict`, which people get to see, that deleted users may be left. The run ended as it did all the
// same: its model is where it belongs.
void NoteErasure(const absl::Status& erased, GateVerdict* verdict) {
  if (erased.ok()) return;
  absl::StrAppend(&verdict->reason, verdict->reason.empty() ? "" : "; ",
                  "models of before may have deleted users still: ", erased.message());
}

}  // namespace

Retrainer::Retrainer(const RetrainerOptions& options, InteractionLog* log, Catalog* catalog,
                     ModelStore* store, SnapshotHolder* snapshots, Recommender* recommender,
                     const Clock* clock, std::function<void(const TrainingRun&)> on_change)
    : options_(options),
      log_(log),
      catalog_(catalog),
      snapshots_(snapshots),
      clock_(clock),
      registry_(clock, std::move(on_change)),
      arena_(options_.threads, /*low_priority=*/true),
      publisher_(store, catalog, snapshots, recommender, &arena_, options_.keep_versions),
      model_eraser_(log, store),
      last_run_end_(clock->Now()),
      thread_([this] { RunThread(); }) {}

Retrainer::~Retrainer() {
  Stop();
}

absl::StatusOr<TrainingRun> Retrainer::Start(const TrainingRequest& request) {
  RIDGELINE_RETURN_IF_ERROR(ValidateAlsOptions(request.als.value_or(options_.als)));
  if (log_->size() == 0) return absl::FailedPreconditionError("there are no interactions to train on");
  RIDGELINE_RETURN_IF_ERROR(WarmStart(request).status());
  return Enqueue(request);
}

absl::StatusOr<TrainingRun> Retrainer::Enqueue(const TrainingRequest& request) {
  Job job;
  job.id = registry_.NewId();
  job.request = request;
  job.cancellation = std::make_shared<CancellationToken>();
  {
    MutexLock lock(&mutex_);
    if (stopping_) return absl::UnavailableError("the trainer is shutting down");
    if (waiting_.has_value()) return absl::ResourceExhaustedError("a training is queued already");
    waiting_ = job;
  }
  const TrainingRun run = registry_.Add(job.id, request);
  MutexLock lock(&mutex_);
  waiting_->registered = true;
  work_.Signal();
  return run;
}

absl::StatusOr<TrainingRun> Retrainer::Cancel(const std::string& id) {
  RIDGELINE_ASSIGN_OR_RETURN(const TrainingRun run, registry_.Get(id));
  if (run.ended()) return absl::FailedPreconditionError(absl::StrCat("training ", run.id, " has ended"));
  bool taken_out = false;
  {
    MutexLock lock(&mutex_);
    if (running_.has_value() && running_->id == run.id) running_->cancellation->Cancel();
    if (waiting_.has_value() && waiting_->id == run.id) {
      waiting_->cancellation->Cancel();
      taken_out = waiting_->registered;
      if (taken_out) waiting_.reset();
    }
  }
  if (!taken_out) return registry_.Get(run.id);
  return registry_.Update(run.id, [](TrainingRun& queued) { queued.state = TrainingState::kCancelled; });
}

absl::StatusOr<Experiment> Retrainer::SetExperiment(Experiment experiment,
                                                    const ModelPublisher::StillWanted& wanted) {
  // As it is stored, so that it is the same after a restart.
  experiment.start_time = absl::FromUnixMicros(absl::ToUnixMicros(clock_->Now()));
  return publisher_.SetExperiment(std::move(experiment), wanted);
}

void Retrainer::Poll() {
  const absl::optional<TrainingTrigger> trigger = CheckTriggers();
  if (!trigger.has_value()) return;
  TrainingRequest request;
  request.trigger = *trigger;
  // A refusal means that a run was started meanwhile or the server stops: either way there is nothing to do.
  Start(request).status().IgnoreError();
}

absl::optional<TrainingTrigger> Retrainer::CheckTriggers() {
  const ServedModels served = snapshots_->All();
  if (served.candidate != nullptr) return absl::nullopt;
  const std::shared_ptr<const ServingSnapshot>& live = served.live;
  const uint64_t trained = live == nullptr ? 0 : live->info().trained_through_sequence;
  const uint64_t logged = log_->last_sequence();
  const absl::Time now = clock_->Now();
  MutexLock lock(&mutex_);
  last_run_end_ = std::min(last_run_end_, now);  // a clock set back must not put the next run off
  const uint64_t seen = std::max(last_run_sequence_, trained);
  TriggerState state;
  state.new_interactions = logged > seen ? static_cast<int64_t>(logged - seen) : 0;
  state.since_last_run = now - last_run_end_;
  state.busy = waiting_.has_value() || running_.has_value();
  return DecideTraining({options_.trigger_interactions, options_.trigger_interval}, state);
}

void Retrainer::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    stopped_.Cancel();
    if (running_.has_value()) running_->cancellation->Cancel();
    if (waiting_.has_value()) waiting_->cancellation->Cancel();
    work_.Signal();
  }
  MutexLock lock(&join_mutex_);
  if (thread_.joinable()) thread_.join();
}

void Retrainer::RunThread() {
  // Reading the log and building an index are training too, and the arena's threads are low already.
  LowerThreadPriority();
  while (!Finished()) {
    const absl::optional<Job> job = TakeJob();
    if (job.has_value()) {
      RunJob(*job);
    } else {
      EraseWithoutTraining();
      Poll();
    }
  }
}

bool Retrainer::Finished() {
  MutexLock lock(&mutex_);
  return stopping_ && !waiting_.has_value();
}

absl::optional<Retrainer::Job> Retrainer::TakeJob() {
  MutexLock lock(&mutex_);
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return waiting_.has_value() && waiting_->registered;
  };
  if (!ready() && !(stopping_ && !waiting_.has_value())) work_.WaitWithTimeout(&mutex_, kPollInterval);
  if (!ready()) return absl::nullopt;
  running_ = std::exchange(waiting_, absl::nullopt);
  return running_;
}

void Retrainer::RunJob(const Job& job) {
  registry_.Update(job.id, [](TrainingRun& run) { run.state = TrainingState::kRunning; });
  absl::StatusOr<Outcome> result = absl::InternalError("the training did not run");
  const absl::Status ran = Caught([&] {
    result = TrainAndPublish(job);
    return result.status();
  });
  if (!ran.ok()) result = ran;
  if (!absl::IsCancelled(result.status())) {
    const absl::Status erased = Caught([&] { return EraseDeletedUsers(*job.cancellation); });
    if (result.ok()) NoteErasure(erased, &result->verdict);
  }
  {
    MutexLock lock(&mutex_);
    running_.reset();
    last_run_end_ = clock_->Now();
  }
  registry_.Update(job.id, [&](TrainingRun& run) { MarkEnded(result, run); });
}

void Retrainer::MarkEnded(const absl::StatusOr<Outcome>& result, TrainingRun& run) {
  run.eta = absl::ZeroDuration();
  if (result.ok()) {
    run.state = result->verdict.held_back ? TrainingState::kHeldBack : TrainingState::kSucceeded;
    run.phase = TrainingPhase::kDone;
    run.model_version = result->version;
    run.verdict = result->verdict;
  } else if (absl::IsCancelled(result.status())) {
    run.state = TrainingState::kCancelled;
  } else {
    run.state = TrainingState::kFailed;
    run.error = result.status();
  }
}

absl::StatusOr<Retrainer::Outcome> Retrainer::TrainAndPublish(const Job& job) {
  if (job.cancellation->cancelled()) return absl::CancelledError("cancelled before it began");
  {
    MutexLock lock(&mutex_);
    last_run_sequence_ = log_->last_sequence();
  }
  ServedVersions judged_beside = VersionsOf(snapshots_->All());
  RIDGELINE_ASSIGN_OR_RETURN(TrainedModel trained, Train(job));
  judged_beside.live = trained.verdict.live_version;
  if (job.cancellation->cancelled()) return absl::CancelledError("cancelled before it was published");
  trained.info.create_time = clock_->Now();
  registry_.Update(job.id, [](TrainingRun& run) { run.phase = TrainingPhase::kPublishing; });
  Outcome outcome;
  outcome.verdict = std::move(trained.verdict);
  RIDGELINE_ASSIGN_OR_RETURN(StoredModel stored, publisher_.Write(std::move(trained)));
  outcome.version = stored.info.version;
  if (outcome.verdict.held_back) {
    publisher_.Prune();
    return outcome;
  }
  registry_.Update(job.id, [](TrainingRun& run) { run.phase = TrainingPhase::kLoading; });
  RIDGELINE_ASSIGN_OR_RETURN(const ModelInfo info, publisher_.MakeLive(std::move(stored), judged_beside));
  if (info.held_back.empty()) return outcome;
  outcome.verdict.held_back = true;
  outcome.verdict.reason = info.held_back;
  return outcome;
}

absl::StatusOr<TrainedModel> Retrainer::Train(const Job& job) {
  const std::shared_ptr<const ServingSnapshot> live = snapshots_->Get();
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const ServingSnapshot> warm_start, WarmStart(job.request));
  TrainingJobOptions options;
  options.als = job.request.als.value_or(options_.als);
  if (warm_start != nullptr && !job.request.als.has_value())
    options.als.iterations = options_.warm_iterations;
  options.final_iterations = options_.warm_iterations;
  options.validation_fraction = options_.validation_fraction;
  options.validation_tolerance = options_.validation_tolerance;
  options.warm_start = warm_start == nullptr ? nullptr : &warm_start->model();
  if (live != nullptr) options.live = {&live->model(), &live->info()};
  options.log = log_;
  options.catalog = options_.place_cold_items ? catalog_ : nullptr;
  options.arena = &arena_;
  options.cancellation = job.cancellation.get();
  registry_.Update(job.id, [&](TrainingRun& run) { run.warm = warm_start != nullptr; });
  RunReporter reporter(&registry_, job.id);
  return TrainingJob(options, &reporter).Run();
}

absl::Status Retrainer::EraseDeletedUsers(const CancellationToken& cancellation) {
  const SweepResult swept = model_eraser_.Sweep(cancellation);
  stale_versions_.insert(stale_versions_.end(), swept.changed.begin(), swept.changed.end());
  const absl::Status reloaded = publisher_.Reload(stale_versions_);
  if (reloaded.ok()) stale_versions_.clear();
  RIDGELINE_RETURN_IF_ERROR(swept.status);
  RIDGELINE_RETURN_IF_ERROR(reloaded);
  return log_->ForgetDepartures(swept.departed);
}

void Retrainer::EraseWithoutTraining() {
  if (log_->size() > 0 || !model_eraser_.due()) return;
  // What fails is tried again after the next deletion or training.
  Caught([&] { return EraseDeletedUsers(stopped_); }).IgnoreError();
}

absl::StatusOr<std::shared_ptr<const ServingSnapshot>> Retrainer::WarmStart(
    const TrainingRequest& request) const {
  if (request.start == TrainingStart::kCold) return nullptr;
  std::shared_ptr<const ServingSnapshot> live = snapshots_->Get();
  const AlsOptions& als = request.als.has_value() ? *request.als : options_.als;
  if (live != nullptr && ValidateWarmStart(als, live->model()).ok()) return live;
  if (request.start == TrainingStart::kAutomatic) return nullptr;
  return absl::FailedPreconditionError(
      "mode: there is no live model of the same feedback kind and number of factors to start from");
}

}  // namespace ridgeline
