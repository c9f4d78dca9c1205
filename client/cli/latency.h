#ifndef RIDGELINE_CLIENT_CLI_LATENCY_H_
#define RIDGELINE_CLIENT_CLI_LATENCY_H_

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace ridgeline {

/// How long calls took, as the client saw it. Thread-compatible.
class LatencySummary {
 public:
  /// Of `latencies`, one a call, at least one.
  explicit LatencySummary(std::vector<absl::Duration> latencies);

  /// The smallest latency that `percent` of the calls did not exceed (nearest rank); `percent` in (0, 100].
  absl::Duration Percentile(double percent) const;

  absl::Duration Mean() const;

  /// One line for people.
  std::string ToText() const;

  /// One JSON object: {"calls": N, "latency_ms": {"mean", "p50", "p90", "p99", "max"}}.
  std::string ToJson() const;

 private:
  double Millis(double percent) const { return absl::ToDoubleMilliseconds(Percentile(percent)); }

  std::vector<absl::Duration> sorted_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_LATENCY_H_
