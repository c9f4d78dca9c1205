#ifndef RIDGELINE_SERVER_BATCH_METHOD_H_
#define RIDGELINE_SERVER_BATCH_METHOD_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <deque>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/base/mutex.h"
#include "server/rpc_observer.h"
#include "server/unary_call.h"
#include "server/work_pool.h"

namespace ridgeline {

/// Answers calls that one thread took together. Implementations are thread-safe.
class BatchHandler {
 public:
  virtual ~BatchHandler() = default;

  /// Ends every one of `calls`, at least one, which were taken up and found alive.
  virtual void Answer(absl::Span<UnaryCall* const> calls) = 0;
};

/// A unary method whose waiting calls are answered together, for work that costs little more for several than
/// for one. gRPC's thread hands each call to a pool and never works or waits. The pool's thread that takes a
/// call takes those that wait behind it too, its fair share of them: no thread idles because another has all
/// the calls. Nobody ever waits for a batch to fill, so an idle server answers each call alone and at once. A
/// call that nobody waits for any more is dropped before the handler sees it. Thread-safe; must outlive its
/// calls.
class BatchMethod {
 public:
  static constexpr size_t kMaxCalls = 16;              ///< in a batch
  static constexpr size_t kMaxBatchedBytes = 4 << 10;  ///< of a request; a larger one is answered alone

  /// The pointers must outlive the method. `name` is the method's in the schema, e.g. "Recommend".
  BatchMethod(const RpcEnvironment& environment, absl::string_view name, WorkPool* pool,
              BatchHandler* handler)
      : observer_(environment, name), pool_(pool), handler_(handler) {}

  /// Starts a call; the reactor owns itself. The pointers are gRPC's and valid until the call is done.
  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                  grpc::ByteBuffer* response);

 private:
  using Calls = std::vector<UnaryCall*>;

  // Lets `call` wait; false when as many wait as the pool's queue may hold, or it takes no work.
  bool Queue(UnaryCall* call);

  // What a visit does: answers a share of the waiting calls.
  void Visit();

  // The calls for a visit to answer; none when others were faster. Sees to it that the rest is visited.
  Calls Take();

  void Answer(Calls calls);

  RpcObserver observer_;
  WorkPool* const pool_;
  BatchHandler* const handler_;

  // While calls wait, visits to them stand in the pool's queue: at least one, at most one a thread. One for
  // each call would fill that queue with visits to calls that batches took long ago.
  Mutex mutex_;
  std::deque<UnaryCall*> waiting_ ABSL_GUARDED_BY(mutex_);
  int visits_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_BATCH_METHOD_H_
