#include "server/state_metrics.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_type.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "core/model/model_file.h"
#include "core/serving/serving_snapshot.h"
#include "core/training/training_run.h"

namespace ridgeline {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

prometheus::MetricFamily Family(const char* name, const char* help) {
  return {name, help, prometheus::MetricType::Gauge, {}};
}

void AddValue(prometheus::MetricFamily* family, std::vector<prometheus::ClientMetric::Label> labels,
              double value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = value;
  family->metric.push_back(std::move(metric));
}

void AddGauge(Families* families, const char* name, const char* help, double value) {
  families->push_back(Family(name, help));
  AddValue(&families->back(), {}, value);
}

// The number in a version such as "v000042", 0 for any other text.
double VersionNumber(absl::string_view version) {
  int64_t number = 0;
  if (version.empty() || !absl::SimpleAtoi(version.substr(1), &number)) return 0;
  return static_cast<double>(number);
}

void AddInfo(const ServedModels& served, Families* families) {
  families->push_back(Family("ridgeline_model_info", "Always 1; the labels tell which model answers."));
  const ModelInfo& live = served.live->info();
  AddValue(&families->back(), {{"version", live.version}, {"algorithm", live.algorithm}, {"arm", "live"}}, 1);
  const bool split = served.candidate != nullptr;
  if (split) {
    const ModelInfo& candidate = served.candidate->snapshot->info();
    AddValue(&families->back(),
             {{"version", candidate.version}, {"algorithm", candidate.algorithm}, {"arm", "candidate"}}, 1);
  }
  AddGauge(families, "ridgeline_experiment_share",
           "Share of the users that the experiment's candidate answers; 0 while none runs.",
           split ? served.candidate->experiment.share : 0.0);
}

void AddModel(const ServedModels& served, absl::Time now, Families* families) {
  AddInfo(served, families);
  const ModelInfo& info = served.live->info();
  AddGauge(families, "ridgeline_model_version", "Number of the model that answers.",
           VersionNumber(info.version));
  AddGauge(families, "ridgeline_model_age_seconds",
           "Time since the training of the model that answers ended.",
           absl::ToDoubleSeconds(now - info.create_time));
  AddGauge(families, "ridgeline_model_users", "Users of the model that answers.",
           static_cast<double>(info.users));
  AddGauge(families, "ridgeline_model_items", "Items of the model that answers.",
           static_cast<double>(info.items));
}

struct PhaseName {
  TrainingPhase phase;
  const char* name;
};

constexpr PhaseName kPhases[] = {
    {TrainingPhase::kReading, "reading"},       {TrainingPhase::kBuilding, "building"},
    {TrainingPhase::kTraining, "training"},     {TrainingPhase::kValidating, "validating"},
    {TrainingPhase::kPublishing, "publishing"}, {TrainingPhase::kLoading, "loading"},
};

// `run` is the training at work, null for none.
void AddPhases(const TrainingRun* run, Families* families) {
  families->push_back(Family("ridgeline_training_phase", "1 for what a training is at work with, else 0."));
  AddValue(&families->back(), {{"phase", "idle"}}, run == nullptr ? 1 : 0);
  for (const auto& [phase, name] : kPhases) {
    AddValue(&families->back(), {{"phase", name}}, run != nullptr && run->phase == phase ? 1 : 0);
  }
}

void AddTraining(const std::vector<TrainingRun>& runs, Families* families) {
  const TrainingRun* running = nullptr;
  for (const TrainingRun& run : runs) {
    if (run.state == TrainingState::kRunning) running = &run;
  }
  AddPhases(running, families);
  const int iteration = running == nullptr ? 0 : running->iteration;
  const int iterations = running == nullptr ? 0 : running->iterations;
  AddGauge(families, "ridgeline_training_iteration", "Iterations that the training at work has done.",
           iteration);
  AddGauge(families, "ridgeline_training_progress_ratio",
           "Share of its iterations that the training at work has done, 0 to 1.",
           iterations == 0 ? 0.0 : static_cast<double>(iteration) / iterations);
  if (iteration > 0) {
    AddGauge(families, "ridgeline_training_objective", "Objective of the training at work; lower is better.",
             running->objective);
  }
}

bool IsServed(const ServedModels& served, const std::string& version) {
  return (served.live != nullptr && served.live->version() == version) ||
         (served.candidate != nullptr && served.candidate->snapshot->version() == version);
}

// Of the store and what is served, not of the runs since the start: so it is true after a restart, and no
// longer once somebody has activated the model.
void AddHeldBack(const ModelStore& store, const ServedModels& served, Families* families) {
  const absl::StatusOr<std::vector<ModelInfo>> models = store.List();
  const bool any = models.ok() && !models->empty();
  const bool held_back =
      any && !models->back().held_back.empty() && !IsServed(served, models->back().version);
  AddGauge(families, "ridgeline_validation_held_back",
           "1 while the newest model is held back, most often for being worse than what is served, and "
           "nobody has made it live or the candidate of an experiment; else 0.",
           held_back ? 1 : 0);
}

// What the gate found of the newest model, if one was trained since the start.
void AddVerdict(const std::vector<TrainingRun>& runs, Families* families) {
  const auto judged = std::find_if(runs.begin(), runs.end(), [](const TrainingRun& run) {
    return run.state == TrainingState::kSucceeded || run.state == TrainingState::kHeldBack;
  });
  if (judged == runs.end()) return;
  const GateVerdict& verdict = judged->verdict;
  if (verdict.users == 0) return;
  families->push_back(
      Family("ridgeline_validation_score",
             "Figure of the newest model that was trained since the start, and of the others, on held-out "
             "interactions: model and baseline on the same users, beside_live and live on the "
             "same users."));
  const auto add = [&](const char* of, double figure) {
    AddValue(&families->back(), {{"metric", verdict.metric}, {"of", of}}, figure);
  };
  add("model", verdict.model_figure);
  add("baseline", verdict.baseline_figure);
  if (verdict.live_users == 0) return;
  add("beside_live", verdict.model_beside_live_figure);
  add("live", verdict.live_figure);
}

// 0 where the system does not tell.
double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  double total_pages = 0;
  double resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void AddDisk(const std::string& data_dir, Families* families) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(data_dir, error);
  if (data_dir.empty() || error) return;
  AddGauge(families, "ridgeline_data_disk_bytes", "Size of the disk that holds the data folder.",
           static_cast<double>(space.capacity));
  AddGauge(families, "ridgeline_data_disk_free_bytes", "What of it the server may still write.",
           static_cast<double>(space.available));
}

void AddProcess(absl::Time process_start, Families* families) {
  AddGauge(families, "process_start_time_seconds", "When the process started, in Unix time.",
           static_cast<double>(absl::ToUnixMillis(process_start)) / 1e3);
  AddGauge(families, "process_resident_memory_bytes", "Memory that the process has in RAM.", ResidentBytes());
}

}  // namespace

std::vector<prometheus::MetricFamily> StateMetrics::Collect() const {
  Families families;
  const ServedModels served = parts_.snapshots->All();
  if (served.live != nullptr) AddModel(served, parts_.clock->Now(), &families);
  AddGauge(&families, "ridgeline_retired_snapshots",
           "Models that no longer answer new calls and are not freed yet.", parts_.snapshots->retired());
  AddGauge(&families, "ridgeline_catalog_items", "Items in the catalogue.",
           static_cast<double>(parts_.catalog->size()));
  AddGauge(&families, "ridgeline_interactions_stored", "Interactions in the log.",
           static_cast<double>(parts_.log->size()));
  AddGauge(&families, "ridgeline_erasures_pending",
           "Deletions of users whose traces may still be in the log's files.",
           static_cast<double>(parts_.log->pending_erasures()));
  const std::vector<TrainingRun> runs = parts_.retrainer->List();
  AddTraining(runs, &families);
  AddHeldBack(*parts_.models, served, &families);
  AddVerdict(runs, &families);
  AddDisk(parts_.data_dir, &families);
  AddProcess(parts_.process_start, &families);
  return families;
}

}  // namespace ridgeline
