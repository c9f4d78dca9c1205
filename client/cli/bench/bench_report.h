#ifndef RIDGELINE_CLIENT_CLI_BENCH_BENCH_REPORT_H_
#define RIDGELINE_CLIENT_CLI_BENCH_BENCH_REPORT_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "client/cli/bench/bench_result.h"
#include "client/cli/output.h"

namespace ridgeline {

/// A load that is over.
struct BenchReport {
  std::optional<double> rate;     ///< that an open loop was to make, calls a second; none for a closed loop
  int in_flight = 0;              ///< callers of a closed loop
  absl::Duration processor_time;  ///< that the generator used, warm-up included
  const BenchResult& result;
};

/// One JSON object:
///   {"loop": "open", "target_rate", "in_flight", "seconds", "calls", "failed", "rate", "kept_up",
///    "processor_us_per_call", "latency_ms": {"mean", "p50", "p90", "p99", "p999", "max"},
///    "start_delay_ms": {the same}, "rpcs": {NAME: {"calls", "failed", "latency_ms"}},
///    "failures": {CODE: {"calls", "latency_ms", "message"}}}
/// with target_rate or in_flight null, as the loop has it. latency_ms is of the calls that succeeded.
std::string BenchJson(const BenchReport& report);

/// Tables of latencies by kind of call and of failures, and a histogram of latencies as bars.
void PrintBenchReport(const BenchReport& report, Output& output);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_BENCH_REPORT_H_
