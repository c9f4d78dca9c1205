#include "client/cli/latency.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_format.h"

namespace ridgeline {

LatencySummary::LatencySummary(std::vector<absl::Duration> latencies) : sorted_(std::move(latencies)) {
  std::sort(sorted_.begin(), sorted_.end());
}

absl::Duration LatencySummary::Percentile(double percent) const {
  const double rank = std::ceil(percent / 100 * static_cast<double>(sorted_.size()));
  return sorted_[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

absl::Duration LatencySummary::Mean() const {
  const absl::Duration sum = std::accumulate(sorted_.begin(), sorted_.end(), absl::ZeroDuration());
  return sum / static_cast<int64_t>(sorted_.size());
}

std::string LatencySummary::ToText() const {
  return absl::StrFormat("latency of %d calls in ms: mean %.3f, p50 %.3f, p90 %.3f, p99 %.3f, max %.3f",
                         sorted_.size(), absl::ToDoubleMilliseconds(Mean()), Millis(50), Millis(90),
                         Millis(99), Millis(100));
}

std::string LatencySummary::ToJson() const {
  return absl::StrFormat(
      R"({"calls":%d,"latency_ms":{"mean":%.6g,"p50":%.6g,"p90":%.6g,"p99":%.6g,"max":%.6g}})",
      sorted_.size(), absl::ToDoubleMilliseconds(Mean()), Millis(50), Millis(90), Millis(99), Millis(100));
}

}  // namespace ridgeline
