#include "server/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cstddef>
#include <utility>

#include "server/recommendation_id.h"

namespace ridgeline {
namespace {

// Seconds. An answer takes some 100 microseconds; the slowest calls load a model.
prometheus::Histogram::BucketBoundaries DurationBuckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
          0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};
}

// Seconds. Stages are parts of an answer.
prometheus::Histogram::BucketBoundaries StageBuckets() {
  return {0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025,
          0.005,   0.01,     0.025,   0.05,   0.1,     0.25,   0.5,   1.0};
}

prometheus::Family<prometheus::Counter>* AddCounters(prometheus::Registry* registry, const char* name,
                                                     const char* help) {
  return &prometheus::BuildCounter().Name(name).Help(help).Register(*registry);
}

void AddBuildInfo(prometheus::Registry* registry, absl::string_view software_version) {
  prometheus::BuildGauge()
      .Name("ridgeline_build_info")
      .Help("Always 1; the label tells the version of the software.")
      .Register(*registry)
      .Add({{"version", std::string(software_version)}})
      .Set(1);
}

}  // namespace

void MethodMetrics::Record(absl::StatusCode code, absl::Duration duration) {
  const size_t index = static_cast<size_t>(code);
  requests_[index < requests_.size() ? index : static_cast<size_t>(absl::StatusCode::kUnknown)]->Increment();
  duration_->Observe(absl::ToDoubleSeconds(duration));
}

Metrics::Metrics(absl::string_view software_version)
    : requests_(
          AddCounters(&registry_, "ridgeline_rpc_requests_total",
                      "Calls ended, by method and code, without those of ridgeline_rpc_limited_total.")),
      durations_(&prometheus::BuildHistogram()
                      .Name("ridgeline_rpc_duration_seconds")
                      .Help("Time from a call's arrival to its answer, by method, without the calls of "
                            "ridgeline_rpc_limited_total.")
                      .Register(registry_)),
      in_flight_(&prometheus::BuildGauge()
                      .Name("ridgeline_rpc_in_flight")
                      .Help("Calls that arrived and are not answered yet.")
                      .Register(registry_)
                      .Add({})) {
  AddBuildInfo(&registry_, software_version);
  auto& stages =
      prometheus::BuildHistogram()
          .Name("ridgeline_stage_duration_seconds")
          .Help("Time that calls spent in a stage: queueing of all calls, the others of Recommend.")
          .Register(registry_);
  stages_.queueing = &stages.Add({{"stage", "queueing"}}, StageBuckets());
  stages_.fold_in = &stages.Add({{"stage", "fold_in"}}, StageBuckets());
  stages_.retrieval = &stages.Add({{"stage", "retrieval"}}, StageBuckets());

  batch_sizes_ = &prometheus::BuildHistogram()
                      .Name("ridgeline_recommend_batch_size")
                      .Help("Calls of Recommend that one thread answered together.")
                      .Register(registry_)
                      .Add({}, prometheus::Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32});
  auto* dropped = AddCounters(&registry_, "ridgeline_rpc_dropped_total",
                              "Calls not worked on because nobody waited for them any more, by reason.");
  expired_ = &dropped->Add({{"reason", "expired"}});
  cancelled_ = &dropped->Add({{"reason", "cancelled"}});

  auto* sources = AddCounters(&registry_, "ridgeline_recommendations_total",
                              "Answers of Recommend, by where the user's side came from and by the arm of "
                              "the experiment.");
  const char* const arm_names[] = {"live", "candidate"};  // as Arm
  for (size_t arm = 0; arm < recommendations_.size(); ++arm) {
    for (size_t i = 0; i < recommendations_[arm].size(); ++i) {
      const std::string source(SourceName(static_cast<RecommendationSource>(i)));
      recommendations_[arm][i] = &sources->Add({{"source", source}, {"arm", arm_names[arm]}});
    }
  }

  scan_rows_ = &AddCounters(&registry_, "ridgeline_scan_items_total",
                            "Items of the model, once for each query that scanned it.")
                    ->Add({});
  scanned_ =
      &AddCounters(&registry_, "ridgeline_scan_items_scanned_total",
                   "Of these, items whose code or factors were looked at; the others were filtered out or "
                   "known to score too low.")
           ->Add({});
  rescored_ = &AddCounters(&registry_, "ridgeline_scan_items_rescored_total",
                           "Of these, items whose score was computed from their factors.")
                   ->Add({});

  recorded_ =
      &AddCounters(&registry_, "ridgeline_interactions_recorded_total", "Interactions recorded.")->Add({});
  duplicates_ = &AddCounters(&registry_, "ridgeline_interactions_duplicate_total",
                             "Interactions not recorded because their event id was known.")
                     ->Add({});

  AddAccess();

  auto* trainings = AddCounters(&registry_, "ridgeline_training_runs_total", "Trainings ended, by result.");
  const char* const results[] = {"succeeded", "failed", "cancelled", "held_back"};
  for (size_t i = 0; i < trainings_.size(); ++i) trainings_[i] = &trainings->Add({{"result", results[i]}});
}

void Metrics::AddAccess() {
  limited_ = AddCounters(&registry_, "ridgeline_rpc_limited_total",
                         "Calls refused because their client, named as in the file of API keys, was at a "
                         "limit that is set for it there.");
  limited_others_ = &limited_->Add({{"client", "(others)"}});

  reload_errors_ = &AddCounters(&registry_, "ridgeline_access_reload_errors_total",
                                "Changed files of API keys or certificates that could not be taken up; those "
                                "from before stay in force.")
                        ->Add({});

  lost_audit_lines_ = &AddCounters(&registry_, "ridgeline_audit_lines_lost_total",
                                   "Lines that the audit log could not write, on a full disk for one.")
                           ->Add({});
}

MethodMetrics Metrics::Method(absl::string_view method) {
  const std::string name(method);
  MethodMetrics result;
  result.duration_ = &durations_->Add({{"method", name}}, DurationBuckets());
  for (int code = 0; code < MethodMetrics::kCodes; ++code) {
    result.requests_[code] = &requests_->Add(
        {{"method", name}, {"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))}});
  }
  return result;
}

void Metrics::ObserveQueueing(absl::Duration time) {
  stages_.queueing->Observe(absl::ToDoubleSeconds(time));
}

void Metrics::ObserveBatch(size_t calls) {
  batch_sizes_->Observe(static_cast<double>(calls));
}

void Metrics::CountLimited(const std::string& client) {
  MutexLock lock(&limited_mutex_);
  auto known = limited_clients_.find(client);
  if (known == limited_clients_.end()) {
    if (limited_clients_.size() >= kMostLimitedClients) return limited_others_->Increment();
    known = limited_clients_.emplace(client, &limited_->Add({{"client", client}})).first;
  }
  known->second->Increment();
}

void Metrics::CountDropped(absl::StatusCode code) {
  (code == absl::StatusCode::kDeadlineExceeded ? expired_ : cancelled_)->Increment();
}

void Metrics::ObserveRecommendation(const StageTimes& times, RecommendationSource source, Arm arm) {
  // A trained row needs no fold-in: the nothing that it takes would hide the times of those that do.
  if (source == RecommendationSource::kFoldIn) stages_.fold_in->Observe(absl::ToDoubleSeconds(times.fold_in));
  stages_.retrieval->Observe(absl::ToDoubleSeconds(times.retrieval));
  recommendations_[static_cast<size_t>(arm)][static_cast<size_t>(source)]->Increment();
}

void Metrics::ObserveScans(const ScanStatistics& statistics) {
  scan_rows_->Increment(static_cast<double>(statistics.rows));
  scanned_->Increment(static_cast<double>(statistics.scanned));
  rescored_->Increment(static_cast<double>(statistics.rescored));
}

void Metrics::CountInteractions(int64_t recorded, int64_t duplicates) {
  recorded_->Increment(static_cast<double>(recorded));
  duplicates_->Increment(static_cast<double>(duplicates));
}

void Metrics::CountTraining(TrainingState state) {
  const int first = static_cast<int>(TrainingState::kSucceeded);
  const int index = static_cast<int>(state) - first;
  if (index >= 0) trainings_[index]->Increment();
}

void Metrics::AddSource(const std::shared_ptr<prometheus::Collectable>& source) {
  sources_.push_back(source);
}

std::string Metrics::Serialize() const {
  std::vector<prometheus::MetricFamily> families = registry_.Collect();
  families.push_back(hits_.Collect());
  for (const std::weak_ptr<prometheus::Collectable>& weak : sources_) {
    const std::shared_ptr<prometheus::Collectable> source = weak.lock();
    if (source == nullptr) continue;
    for (prometheus::MetricFamily& family : source->Collect()) families.push_back(std::move(family));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace ridgeline
