#ifndef RIDGELINE_CLIENT_CLI_BENCH_BENCH_CALLER_H_
#define RIDGELINE_CLIENT_CLI_BENCH_BENCH_CALLER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "client/cli/bench/request_maker.h"

namespace ridgeline {

/// One call of a load. Times are those of a BenchClock.
struct BenchCall {
  size_t rpc = 0;          ///< its kind: index in RequestMaker::names()
  absl::Duration due;      ///< when it was to be sent
  absl::Duration started;  ///< when it was
};

/// How a call ended.
struct BenchEnd {
  BenchCall call;
  absl::Duration time;
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string message = {};  ///< what went wrong
};

/// Makes calls without waiting for them. One thread may start calls while another one receives their ends.
class BenchCaller {
 public:
  virtual ~BenchCaller() = default;

  /// Sends a request.
  virtual void Start(const BenchCall& call, const grpc::ByteBuffer& request) = 0;

  /// Waits for the next call to end. Nothing once Close was called and all calls have ended.
  virtual absl::optional<BenchEnd> Receive() = 0;

  /// No calls are started from now on.
  virtual void Close() = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_BENCH_CALLER_H_
