#include "server/recommendation_hits.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_type.h>

#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/types/optional.h"
#include "server/recommendation_id.h"

namespace ridgeline {
namespace {

constexpr char kUnknown[] = "unknown";

void AddHits(prometheus::MetricFamily* family, absl::string_view version, absl::string_view source,
             int64_t hits) {
  prometheus::ClientMetric metric;
  metric.label = {{"version", std::string(version)}, {"source", std::string(source)}};
  metric.counter.value = static_cast<double>(hits);
  family->metric.push_back(std::move(metric));
}

}  // namespace

void RecommendationHits::Know(const std::string& version) {
  MutexLock lock(&mutex_);
  Add(version);
}

void RecommendationHits::Count(absl::string_view id, const ServedModels& served) {
  const absl::optional<RecommendationOrigin> origin = ParseRecommendationId(id);
  MutexLock lock(&mutex_);
  if (served.live != nullptr) Add(served.live->version());
  if (served.candidate != nullptr) Add(served.candidate->snapshot->version());
  const auto known = origin.has_value() ? hits_.find(std::string(origin->version)) : hits_.end();
  if (known == hits_.end()) {
    ++unknown_;
  } else {
    ++known->second[static_cast<size_t>(origin->source)];
  }
}

prometheus::MetricFamily RecommendationHits::Collect() const {
  prometheus::MetricFamily family{"ridgeline_recommendation_hits_total",
                                  "Interactions recorded that name the recommendation which they follow, by "
                                  "the version of the model that "
                                  "made it and by where the user's side came from.",
                                  prometheus::MetricType::Counter,
                                  {}};
  MutexLock lock(&mutex_);
  for (const auto& [version, hits] : hits_) {
    for (size_t source = 0; source < hits.size(); ++source) {
      AddHits(&family, version, SourceName(static_cast<RecommendationSource>(source)), hits[source]);
    }
  }
  AddHits(&family, kUnknown, kUnknown, unknown_);
  return family;
}

void RecommendationHits::Add(const std::string& version) {
  if (!hits_.emplace(version, Hits{}).second || hits_.size() <= kMostVersions) return;
  // Versions of six digits sort by age.
  const auto oldest = hits_.begin();
  hits_.erase(oldest->first == version ? std::next(oldest) : oldest);
}

}  // namespace ridgeline
