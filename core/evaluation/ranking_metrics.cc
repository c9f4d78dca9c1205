#include "core/evaluation/ranking_metrics.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

constexpr std::pair<RankingMetric, absl::string_view> kNames[] = {
    {RankingMetric::kRecall, "recall"},    {RankingMetric::kPrecision, "precision"},
    {RankingMetric::kNdcg, "ndcg"},        {RankingMetric::kMap, "map"},
    {RankingMetric::kHitRate, "hit_rate"}, {RankingMetric::kCoverage, "coverage"}};

// Sums over the hits of one user's answers.
struct HitSums {
  int hits = 0;
  double discounted_gain = 0.0;  // sum of 1/log2(rank + 1)
  double precisions = 0.0;       // sum of precision at the hit's rank
};

double Discount(size_t rank) {
  return 1.0 / std::log2(static_cast<double>(rank) + 1.0);
}

HitSums SumHits(absl::Span<const uint32_t> answers, absl::Span<const uint32_t> test) {
  HitSums sums;
  for (size_t rank = 1; rank <= answers.size(); ++rank) {
    if (!std::binary_search(test.begin(), test.end(), answers[rank - 1])) continue;
    ++sums.hits;
    sums.discounted_gain += Discount(rank);
    sums.precisions += sums.hits / static_cast<double>(rank);
  }
  return sums;
}

double IdealGain(size_t hits) {
  double gain = 0.0;
  for (size_t rank = 1; rank <= hits; ++rank) gain += Discount(rank);
  return gain;
}

}  // namespace

absl::StatusOr<RankingMetricAt> ParseRankingMetric(absl::string_view text) {
  const size_t at = text.find('@');
  const absl::string_view name = text.substr(0, at);
  RankingMetricAt metric;
  const bool has_cutoff = at != absl::string_view::npos && absl::SimpleAtoi(text.substr(at + 1), &metric.k);
  for (const auto& [value, value_name] : kNames) {
    if (name != value_name) continue;
    if (!has_cutoff || metric.k < 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("metrics: '", text, "' needs a cut-off of at least 1, as in ", name, "@20"));
    }
    metric.metric = value;
    return metric;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "metrics: there is no metric '", text,
      "'; there are rmse, mae, recall@k, precision@k, ndcg@k, map@k, hit_rate@k and coverage@k"));
}

std::string RankingMetricName(const RankingMetricAt& metric) {
  for (const auto& [value, name] : kNames) {
    if (value == metric.metric) return absl::StrCat(name, "@", metric.k);
  }
  return "";
}

double RankingMetricOfUser(const RankingMetricAt& metric, RecallDenominator denominator,
                           absl::Span<const uint32_t> ranked, absl::Span<const uint32_t> test) {
  const size_t k = static_cast<size_t>(metric.k);
  const size_t reachable = std::min(k, test.size());
  const HitSums sums = SumHits(ranked.subspan(0, std::min(k, ranked.size())), test);
  switch (metric.metric) {
    case RankingMetric::kRecall:
      return sums.hits /
             static_cast<double>(denominator == RecallDenominator::kMin ? reachable : test.size());
    case RankingMetric::kPrecision:
      return sums.hits / static_cast<double>(k);
    case RankingMetric::kNdcg:
      return sums.discounted_gain / IdealGain(reachable);
    case RankingMetric::kMap:
      return sums.precisions / static_cast<double>(reachable);
    case RankingMetric::kHitRate:
      return sums.hits > 0 ? 1.0 : 0.0;
    case RankingMetric::kCoverage:
      break;
  }
  return 0.0;
}

}  // namespace ridgeline
