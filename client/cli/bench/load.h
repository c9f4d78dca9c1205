#ifndef RIDGELINE_CLIENT_CLI_BENCH_LOAD_H_
#define RIDGELINE_CLIENT_CLI_BENCH_LOAD_H_

#include <cstdint>
#include <limits>

#include "absl/time/time.h"
#include "client/cli/bench/arrival_schedule.h"
#include "client/cli/bench/bench_caller.h"
#include "client/cli/bench/bench_clock.h"
#include "client/cli/bench/bench_result.h"
#include "client/cli/bench/request_maker.h"

namespace ridgeline {

/// How long a load lasts.
struct LoadLength {
  absl::Duration warm_up = absl::Seconds(2);            ///< calls of this time do not count
  absl::Duration duration = absl::InfiniteDuration();   ///< after it
  int64_t calls = std::numeric_limits<int64_t>::max();  ///< that count, at most
};

/// Calls that are due at moments set ahead of time, whatever becomes of the earlier ones.
struct OpenLoop {
  double rate = 1;  ///< calls a second, above 0
  Arrivals arrivals = Arrivals::kPoisson;
  uint64_t seed = 1;
  int max_in_flight = 10'000;  ///< a further call waits, and counts from when it was due; bounds the memory
};

/// A number of callers each of whom calls again when the call before has ended.
struct ClosedLoop {
  int in_flight = 1;  ///< callers, at least 1
};

/// What a load works with; not owned.
struct LoadTools {
  RequestMaker& requests;
  BenchCaller& caller;
  BenchClock& clock;
};

/// Each makes the calls, waits until all have ended, and returns what it measured. The caller is closed then.
BenchResult RunOpenLoop(const OpenLoop& loop, const LoadLength& length, LoadTools tools);
BenchResult RunClosedLoop(const ClosedLoop& loop, const LoadLength& length, LoadTools tools);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_LOAD_H_
