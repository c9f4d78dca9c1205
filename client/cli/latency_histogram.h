#ifndef RIDGELINE_CLIENT_CLI_LATENCY_HISTOGRAM_H_
#define RIDGELINE_CLIENT_CLI_LATENCY_HISTOGRAM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace ridgeline {

/// How long calls took, as the client saw it. The buckets are log-linear, as those of HdrHistogram are: each
/// power of two of nanoseconds is cut into 256 equal ones, so that what is read back is within 1/512 of what
/// was added, from a nanosecond to centuries, at 8 bytes a bucket up to the largest latency (40 KB for a
/// second). Count, mean, minimum and maximum are exact. Thread-compatible.
class LatencyHistogram {
 public:
  /// Counts one call; a negative latency counts as 0.
  void Add(absl::Duration latency);

  /// Counts the calls of `other` too.
  void Merge(const LatencyHistogram& other);

  /// Number of calls.
  int64_t count() const { return count_; }

  /// The smallest latency that `percent` of the calls did not exceed (nearest rank), to within 1/512;
  /// `percent` in (0, 100]. Zero without calls, as are the next three.
  absl::Duration Percentile(double percent) const;

  absl::Duration Mean() const;
  absl::Duration Min() const { return absl::Nanoseconds(min_); }
  absl::Duration Max() const { return absl::Nanoseconds(max_); }

  /// Number of calls that took at most `latency`, which is moved by up to 1/512 to the edge of a bucket.
  int64_t CountUpTo(absl::Duration latency) const;

  /// One line for people.
  std::string ToText() const;

  /// One JSON object: {"mean", "p50", "p90", "p99", "p999", "max"}, in milliseconds.
  std::string MillisJson() const;

  /// One JSON object: {"calls": N, "latency_ms": MillisJson()}.
  std::string ToJson() const;

 private:
  std::vector<int64_t> counts_;  // by bucket, up to the last one that is not empty
  int64_t count_ = 0;
  int64_t min_ = 0;  // nanoseconds, as the next two
  int64_t max_ = 0;
  double sum_ = 0.0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_LATENCY_HISTOGRAM_H_
