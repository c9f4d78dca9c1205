#ifndef RIDGELINE_SERVER_BATCH_METHOD_H_
#define RIDGELINE_SERVER_BATCH_METHOD_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/queue/waiting_calls.h"
#include "server/queue/work_pool.h"
#include "server/rpc_observer.h"
#include "server/unary_call.h"

namespace ridgeline {

/// Answers calls that one thread took together. Implementations are thread-safe.
class BatchHandler {
 public:
  virtual ~BatchHandler() = default;

  /// Ends every one of `calls`, at least one, which were taken up and found alive.
  virtual void Answer(absl::Span<UnaryCall* const> calls) = 0;
};

/// A unary method whose waiting calls are answered together, for work that costs little more for several than
/// for one: see WaitingCalls. gRPC's thread hands each call to a pool and never works or waits. A call that
/// nobody waits for any more is dropped before the handler sees it. Thread-safe; must outlive its calls.
class BatchMethod {
 public:
  static constexpr size_t kMaxCalls = 16;              ///< in a batch
  static constexpr size_t kMaxBatchedBytes = 4 << 10;  ///< of a request; a larger one is answered alone

  /// The pointers must outlive the method. `name` is the method's in the schema, e.g. "Recommend".
  BatchMethod(const RpcEnvironment& environment, absl::string_view name, WorkPool* pool,
              BatchHandler* handler)
      : observer_(environment, name),
        pool_(pool),
        handler_(handler),
        waiting_(pool, kMaxCalls, [this](std::vector<UnaryCall*> calls) { Answer(std::move(calls)); }) {}

  /// Starts a call; the reactor owns itself. The pointers are gRPC's and valid until the call is done.
  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                  grpc::ByteBuffer* response);

 private:
  void Answer(std::vector<UnaryCall*> calls);

  RpcObserver observer_;
  WorkPool* const pool_;
  BatchHandler* const handler_;
  WaitingCalls<UnaryCall*> waiting_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_BATCH_METHOD_H_
