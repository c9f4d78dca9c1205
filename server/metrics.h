#ifndef RIDGELINE_SERVER_METRICS_H_
#define RIDGELINE_SERVER_METRICS_H_

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/base/mutex.h"
#include "core/model/experiment.h"
#include "core/retrieval/quantized_scan.h"
#include "core/serving/recommendation.h"
#include "core/training/training_run.h"
#include "server/recommendation_hits.h"

namespace ridgeline {

/// The figures of one RPC method. Thread-safe.
class MethodMetrics {
 public:
  /// Adds one ended call.
  void Record(absl::StatusCode code, absl::Duration duration);

 private:
  friend class Metrics;
  static constexpr int kCodes = 17;  // 0 to UNAUTHENTICATED

  prometheus::Histogram* duration_ = nullptr;
  std::array<prometheus::Counter*, kCodes> requests_{};  // by code
};

/// All figures that the server counts as it works; those that it only looks up when asked are in
/// StateMetrics. Everything is registered when the object is made or a method is named, so that a rate starts
/// from 0. No label holds text from a request. Thread-safe.
class Metrics {
 public:
  static constexpr size_t kMostLimitedClients = 64;

  /// `software_version` is shown as ridgeline_build_info.
  explicit Metrics(absl::string_view software_version);

  /// The figures of `method`, e.g. "Recommend", to be used no longer than this object.
  MethodMetrics Method(absl::string_view method);

  void CallBegins() { in_flight_->Increment(); }
  void CallEnds() { in_flight_->Decrement(); }

  /// Time that a call waited for a thread.
  void ObserveQueueing(absl::Duration time);

  /// Calls that one thread answers together, 1 when it found one alone.
  void ObserveBatch(size_t calls);

  /// Adds a call that was refused because `client`, a name of the file of API keys, is at a limit of its own.
  /// Names come and go with that file: the first kMostLimitedClients have figures of their own, any further
  /// ones count together as "(others)", which no client can be called.
  void CountLimited(const std::string& client);

  /// Adds a call that was not worked on because nobody waited for it any more: kDeadlineExceeded or
  /// kCancelled.
  void CountDropped(absl::StatusCode code);

  /// The stages and the source of an answered Recommend, and the arm that answered it.
  void ObserveRecommendation(const StageTimes& times, RecommendationSource source, Arm arm);

  /// What passes over the items had to look at, summed over the queries that they answered.
  void ObserveScans(const ScanStatistics& statistics);

  void CountInteractions(int64_t recorded, int64_t duplicates);

  /// Interactions that name the recommendation which they follow.
  RecommendationHits& hits() { return hits_; }

  /// Counts an ended run by how it ended.
  void CountTraining(TrainingState state);

  /// A file of keys or certificates that was changed could not be taken up.
  void CountReloadError() { reload_errors_->Increment(); }

  /// Lines that the audit log could not write.
  void CountLostAuditLines(int64_t lines) { lost_audit_lines_->Increment(static_cast<double>(lines)); }

  /// Asks `source` too whenever the figures are collected, as long as it exists. To be called before they
  /// first are.
  void AddSource(const std::shared_ptr<prometheus::Collectable>& source);

  /// Everything in the text format that Prometheus scrapes.
  std::string Serialize() const;

 private:
  struct Stages {
    prometheus::Histogram* queueing;
    prometheus::Histogram* fold_in;
    prometheus::Histogram* retrieval;
  };

  // Registers what is about who calls.
  void AddAccess();

  prometheus::Registry registry_;
  std::vector<std::weak_ptr<prometheus::Collectable>> sources_;
  prometheus::Family<prometheus::Counter>* requests_;
  prometheus::Family<prometheus::Histogram>* durations_;
  prometheus::Gauge* in_flight_;
  Stages stages_{};
  prometheus::Histogram* batch_sizes_;
  prometheus::Family<prometheus::Counter>* limited_;
  prometheus::Counter* limited_others_;
  Mutex limited_mutex_;
  absl::flat_hash_map<std::string, prometheus::Counter*> limited_clients_ ABSL_GUARDED_BY(limited_mutex_);
  prometheus::Counter* expired_;
  prometheus::Counter* cancelled_;
  using Counters = std::array<prometheus::Counter*, 4>;

  std::array<Counters, 2> recommendations_{};  // by Arm and RecommendationSource
  RecommendationHits hits_;
  prometheus::Counter* scan_rows_;
  prometheus::Counter* scanned_;
  prometheus::Counter* rescored_;
  prometheus::Counter* reload_errors_;
  prometheus::Counter* lost_audit_lines_;
  prometheus::Counter* recorded_;
  prometheus::Counter* duplicates_;
  std::array<prometheus::Counter*, 4> trainings_{};  // succeeded, failed, cancelled, held back
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_METRICS_H_
