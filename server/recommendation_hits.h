#ifndef RIDGELINE_SERVER_RECOMMENDATION_HITS_H_
#define RIDGELINE_SERVER_RECOMMENDATION_HITS_H_

#include <prometheus/metric_family.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/mutex.h"
#include "core/serving/recommendation.h"
#include "core/serving/served_models.h"

namespace ridgeline {

/// Counts interactions that name the recommendation which they follow, by the model and the source that made
/// it: whether a model is good, told by those who were served it. What the ids say comes from outside, so
/// only versions that the server has, the newest kMostVersions of them, have figures of their own; the rest
/// counts as "unknown". Thread-safe.
class RecommendationHits {
 public:
  static constexpr size_t kMostVersions = 32;

  /// `version` is one of the server's: its figures begin at 0.
  void Know(const std::string& version);

  /// Adds an interaction that came with `id`; what `served` holds is known.
  void Count(absl::string_view id, const ServedModels& served);

  /// ridgeline_recommendation_hits_total{version, source}.
  prometheus::MetricFamily Collect() const;

 private:
  using Hits = std::array<int64_t, 4>;  // by RecommendationSource

  void Add(const std::string& version) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, Hits> hits_ ABSL_GUARDED_BY(mutex_);  // by version
  int64_t unknown_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RECOMMENDATION_HITS_H_
