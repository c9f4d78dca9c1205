#include "client/cli/bench/bench_result.h"

#include <algorithm>
#include <numeric>

namespace ridgeline {

BenchResult::BenchResult(std::vector<std::string> rpcs, BenchWindow window)
    : rpcs_(std::move(rpcs)), window_(window), succeeded_(rpcs_.size()), failed_(rpcs_.size()) {}

void BenchResult::Add(const BenchEnd& end) {
  ++made_;
  if (end.time >= window_.begin && end.time < window_.end) ++ended_in_window_;
  const BenchCall& call = end.call;
  if (call.due < window_.begin || call.due >= window_.end) return;
  last_end_ = std::max(last_end_, end.time);
  start_delays_.Add(call.started - call.due);
  const absl::Duration latency = end.time - call.due;
  if (end.code == absl::StatusCode::kOk) return succeeded_[call.rpc].Add(latency);
  ++failed_[call.rpc];
  Failures& failures = failures_[end.code];
  if (failures.latencies.count() == 0) failures.message = end.message;
  failures.latencies.Add(latency);
}

LatencyHistogram BenchResult::Succeeded() const {
  LatencyHistogram all;
  for (const LatencyHistogram& latencies : succeeded_) all.Merge(latencies);
  return all;
}

int64_t BenchResult::Failed() const {
  return std::accumulate(failed_.begin(), failed_.end(), int64_t{0});
}

absl::Duration BenchResult::Length() const {
  if (window_.end < absl::InfiniteDuration()) return window_.end - window_.begin;
  return std::max(absl::ZeroDuration(), last_end_ - window_.begin);
}

double BenchResult::Rate() const {
  const double seconds = absl::ToDoubleSeconds(Length());
  return seconds > 0 ? static_cast<double>(ended_in_window_) / seconds : 0;
}

bool BenchResult::KeptUp() const {
  const absl::Duration delay = start_delays_.Percentile(99);
  return delay <= absl::Milliseconds(1) || delay <= Succeeded().Percentile(99) / 10;
}

}  // namespace ridgeline
