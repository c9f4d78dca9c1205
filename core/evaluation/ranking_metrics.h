#ifndef RIDGELINE_CORE_EVALUATION_RANKING_METRICS_H_
#define RIDGELINE_CORE_EVALUATION_RANKING_METRICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ridgeline {

/// A ranking metric at a cut-off. Definitions, for one user with n test items and the first k answers:
///   recall     hits / n, or hits / min(k, n) with RecallDenominator::kMin (Liang et al. 2018)
///   precision  hits / k
///   ndcg       sum over hits at rank r of 1/log2(r + 1), over the same sum of ranks 1..min(k, n)
///              (Jarvelin and Kekalainen 2002, binary gains)
///   map        mean over hits of precision at their rank, divided by min(k, n)
///   hit_rate   1 if there is a hit
///   coverage   distinct items answered to all users / items (not an average over users)
enum class RankingMetric { kRecall, kPrecision, kNdcg, kMap, kHitRate, kCoverage };

enum class RecallDenominator { kTestItems, kMin };

struct RankingMetricAt {
  RankingMetric metric = RankingMetric::kNdcg;
  int k = 20;
};

/// Parses "ndcg@20"; kInvalidArgument beginning with "metrics" otherwise.
absl::StatusOr<RankingMetricAt> ParseRankingMetric(absl::string_view text);

/// "ndcg@20".
std::string RankingMetricName(const RankingMetricAt& metric);

/// The metric of one user, by the table above; not for kCoverage. `ranked` are item rows, best first; `test`
/// are the user's test items, sorted ascending, at least one.
double RankingMetricOfUser(const RankingMetricAt& metric, RecallDenominator denominator,
                           absl::Span<const uint32_t> ranked, absl::Span<const uint32_t> test);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_EVALUATION_RANKING_METRICS_H_
