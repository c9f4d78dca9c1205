#ifndef RIDGELINE_CLIENT_CLI_BENCH_BENCH_RESULT_H_
#define RIDGELINE_CLIENT_CLI_BENCH_BENCH_RESULT_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/bench/bench_caller.h"
#include "client/cli/latency_histogram.h"

namespace ridgeline {

/// Which calls of a load count: those due in [begin, end). What comes before is the warm-up.
struct BenchWindow {
  absl::Duration begin;
  absl::Duration end;  ///< infinite when the load ends after a number of calls
};

/// What a load measured. Latencies run from the moment when a call was due, not from when it was sent, so
/// that a server that stalls is charged for every call that it held up. Thread-compatible.
class BenchResult {
 public:
  /// Calls of one code that failed.
  struct Failures {
    LatencyHistogram latencies;
    std::string message;  ///< of the first one
  };

  /// `rpcs` names the kinds of calls.
  BenchResult(std::vector<std::string> rpcs, BenchWindow window);

  /// Takes in a call that ended.
  void Add(const BenchEnd& end);

  const std::vector<std::string>& rpcs() const { return rpcs_; }

  /// Latencies of the calls that succeeded: of one kind, and of all.
  const LatencyHistogram& succeeded(size_t rpc) const { return succeeded_[rpc]; }
  LatencyHistogram Succeeded() const;

  /// Number of calls of one kind that failed.
  int64_t failed(size_t rpc) const { return failed_[rpc]; }

  /// The calls that failed, by code.
  const std::map<absl::StatusCode, Failures>& failures() const { return failures_; }

  /// Number of calls that count, those of them that failed, and all that were made.
  int64_t Calls() const { return start_delays_.count(); }
  int64_t Failed() const;
  int64_t CallsMade() const { return made_; }

  /// How much later than due the calls were sent.
  const LatencyHistogram& start_delays() const { return start_delays_; }

  /// The length of the window; of one without an end, until the last call ended.
  absl::Duration Length() const;

  /// Calls that ended within the window, a second: what the server answered in that time, be it calls that
  /// were sent before.
  double Rate() const;

  /// False when the generator itself was too slow: a hundredth of the calls was sent more than 1 ms late, and
  /// late by more than a tenth of the 99th percentile of latency. The latencies include the delay.
  bool KeptUp() const;

 private:
  const std::vector<std::string> rpcs_;
  const BenchWindow window_;
  std::vector<LatencyHistogram> succeeded_;  // by kind
  std::vector<int64_t> failed_;              // by kind
  std::map<absl::StatusCode, Failures> failures_;
  LatencyHistogram start_delays_;
  int64_t made_ = 0;
  int64_t ended_in_window_ = 0;
  absl::Duration last_end_ = absl::ZeroDuration();
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_BENCH_RESULT_H_
