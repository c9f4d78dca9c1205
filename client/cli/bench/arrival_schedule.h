#ifndef RIDGELINE_CLIENT_CLI_BENCH_ARRIVAL_SCHEDULE_H_
#define RIDGELINE_CLIENT_CLI_BENCH_ARRIVAL_SCHEDULE_H_

#include <cstdint>

#include "absl/time/time.h"
#include "client/cli/bench/random.h"

namespace ridgeline {

/// How the calls of an open loop are spaced.
enum class Arrivals {
  kConstant,  ///< evenly
  kPoisson,   ///< as of many callers who do not know of one another: exponential gaps
};

/// When the calls of an open loop are due. It depends on nothing that happens during the load, so a server
/// that stalls cannot put off the calls that would have seen it. Thread-compatible.
class ArrivalSchedule {
 public:
  /// `rate` calls a second, above 0, on average.
  ArrivalSchedule(double rate, Arrivals arrivals, uint64_t seed)
      : rate_(rate), arrivals_(arrivals), random_(seed) {}

  /// When the next call is due, from the start of the load.
  absl::Duration Next();

 private:
  const double rate_;
  const Arrivals arrivals_;
  BenchRandom random_;
  double gaps_ = 0;  // the sum of all gaps so far, in units of the mean gap
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_ARRIVAL_SCHEDULE_H_
