#ifndef RIDGELINE_SERVER_RPC_WATCH_H_
#define RIDGELINE_SERVER_RPC_WATCH_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "core/training/retrainer.h"
#include "server/queue/work_pool.h"
#include "server/rpc_method.h"
#include "server/training_watchers.h"

namespace ridgeline {

/// WatchTraining as gRPC calls it. A watching call takes no thread: changes of the run wake it. A slow client
/// gets the newest state and misses those between. Whose key is taken back is shown nothing more: the call
/// ends with the next change. Thread-safe; must outlive its calls.
class WatchMethod {
 public:
  /// The pointers must outlive the method; `watchers` must be told of the retrainer's changes.
  WatchMethod(const RpcEnvironment& environment, WorkPool* pool, const Retrainer* retrainer,
              TrainingWatchers* watchers)
      : observer_(environment, "WatchTraining"), pool_(pool), retrainer_(retrainer), watchers_(watchers) {}

  /// Starts a call; the reactor owns itself. The pointers are gRPC's and valid until the call is done.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Start(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request);

 private:
  class Call;

  RpcObserver observer_;
  WorkPool* const pool_;
  const Retrainer* const retrainer_;
  TrainingWatchers* const watchers_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_WATCH_H_
