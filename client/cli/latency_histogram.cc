#include "client/cli/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "absl/strings/str_format.h"

namespace ridgeline {
namespace {

// Buckets of a power of two, as a power of two.
constexpr int kBucketBits = 8;
constexpr int64_t kBuckets = int64_t{1} << kBucketBits;

// Values below 2 * kBuckets have a bucket each; each doubling beyond drops one more of the lowest bits.
size_t BucketOf(int64_t nanos) {
  const int dropped =
      std::max(0, static_cast<int>(std::bit_width(static_cast<uint64_t>(nanos))) - kBucketBits - 1);
  return static_cast<size_t>(dropped * kBuckets + (nanos >> dropped));
}

// The value in the middle of a bucket.
int64_t MiddleOf(size_t bucket) {
  const int64_t index = static_cast<int64_t>(bucket);
  const int64_t dropped = std::max<int64_t>(0, index / kBuckets - 1);
  return ((index - dropped * kBuckets) << dropped) + ((int64_t{1} << dropped) >> 1);
}

double Millis(absl::Duration duration) {
  return absl::ToDoubleMilliseconds(duration);
}

}  // namespace

void LatencyHistogram::Add(absl::Duration latency) {
  const int64_t nanos = std::max<int64_t>(0, absl::ToInt64Nanoseconds(latency));
  const size_t bucket = BucketOf(nanos);
  if (bucket >= counts_.size()) counts_.resize(bucket + 1);
  ++counts_[bucket];
  min_ = count_ == 0 ? nanos : std::min(min_, nanos);
  max_ = std::max(max_, nanos);
  sum_ += static_cast<double>(nanos);
  ++count_;
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  if (other.count_ == 0) return;
  counts_.resize(std::max(counts_.size(), other.counts_.size()));
  for (size_t bucket = 0; bucket < other.counts_.size(); ++bucket) counts_[bucket] += other.counts_[bucket];
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  count_ += other.count_;
}

absl::Duration LatencyHistogram::Percentile(double percent) const {
  const auto rank = static_cast<int64_t>(std::ceil(percent / 100 * static_cast<double>(count_)));
  int64_t seen = 0;
  for (size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank && seen > 0) return absl::Nanoseconds(std::clamp(MiddleOf(bucket), min_, max_));
  }
  return Max();
}

absl::Duration LatencyHistogram::Mean() const {
  return count_ == 0 ? absl::ZeroDuration() : absl::Nanoseconds(sum_ / static_cast<double>(count_));
}

int64_t LatencyHistogram::CountUpTo(absl::Duration latency) const {
  const size_t end = BucketOf(std::max<int64_t>(0, absl::ToInt64Nanoseconds(latency))) + 1;
  int64_t count = 0;
  for (size_t bucket = 0; bucket < std::min(end, counts_.size()); ++bucket) count += counts_[bucket];
  return count;
}

std::string LatencyHistogram::ToText() const {
  return absl::StrFormat("latency of %d calls in ms: mean %.3f, p50 %.3f, p90 %.3f, p99 %.3f, max %.3f",
                         count_, Millis(Mean()), Millis(Percentile(50)), Millis(Percentile(90)),
                         Millis(Percentile(99)), Millis(Max()));
}

std::string LatencyHistogram::MillisJson() const {
  return absl::StrFormat(R"({"mean":%.6g,"p50":%.6g,"p90":%.6g,"p99":%.6g,"p999":%.6g,"max":%.6g})",
                         Millis(Mean()), Millis(Percentile(50)), Millis(Percentile(90)),
                         Millis(Percentile(99)), Millis(Percentile(99.9)), Millis(Max()));
}

std::string LatencyHistogram::ToJson() const {
  return absl::StrFormat(R"({"calls":%d,"latency_ms":%s})", count_, MillisJson());
}

}  // namespace ridgeline
