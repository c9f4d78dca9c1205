#ifndef RIDGELINE_CLIENT_CLI_BENCH_GRPC_BENCH_CALLER_H_
#define RIDGELINE_CLIENT_CLI_BENCH_GRPC_BENCH_CALLER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/cli/bench/bench_caller.h"
#include "client/cli/bench/bench_clock.h"
#include "client/tls_options.h"
#include "grpcpp/channel.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"

namespace ridgeline {

/// How a GrpcBenchCaller calls.
struct GrpcBenchCallerOptions {
  std::vector<std::string> addresses;         ///< of one server or several, which are called in turn
  int channels = 1;                           ///< connections to each, used in turn; at least 1
  absl::Duration timeout = absl::Seconds(5);  ///< of each call
  TlsOptions tls = {};                        ///< encryption; off by default
  std::string api_key = {};                   ///< sent with each call; "": none
};

/// Calls a server with as little processor time a call as gRPC allows: the generator often shares the machine
/// with what it measures. One completion queue, which is polled by the thread that receives, so that no
/// other thread wakes up; answers are not parsed. Thread-safety: as BenchCaller says.
class GrpcBenchCaller final : public BenchCaller {
 public:
  /// `methods` are the RPCs by BenchCall::rpc; `clock` is not owned and must outlive the object.
  GrpcBenchCaller(const GrpcBenchCallerOptions& options, std::vector<std::string> methods,
                  const BenchClock* clock);
  ~GrpcBenchCaller() override;

  /// Waits for all connections. kUnavailable when one fails or takes more than 5 s.
  absl::Status Connect();

  void Start(const BenchCall& call, const grpc::ByteBuffer& request) override;
  absl::optional<BenchEnd> Receive() override;
  void Close() override;

 private:
  struct Pending;

  struct Connection {
    std::shared_ptr<grpc::Channel> channel;
    grpc::GenericStub stub;
  };

  const GrpcBenchCallerOptions options_;
  const std::vector<std::string> methods_;
  const BenchClock* const clock_;
  std::vector<Connection> connections_;
  size_t next_connection_ = 0;
  grpc::CompletionQueue queue_;
  bool closed_ = false;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_BENCH_GRPC_BENCH_CALLER_H_
