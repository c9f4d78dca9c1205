#ifndef RIDGELINE_SERVER_RPC_IMPORT_H_
#define RIDGELINE_SERVER_RPC_IMPORT_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "server/interaction_recorder.h"
#include "server/open_streams.h"
#include "server/queue/work_pool.h"
#include "server/rpc_method.h"

namespace ridgeline {

/// ImportInteractions as gRPC calls it. Each message is recorded, by a thread of the pool, before the next
/// one is read: a client that sends faster than the disk writes is held back by flow control. Above the
/// limit of its client a message waits until those before it, of all the client's streams, have had their
/// time. A message that comes while urgent calls are answered or wait pauses until they are done, for half a
/// second at most. A shutdown ends the streams after the message under way. Thread-safe; must outlive its
/// calls.
class ImportMethod {
 public:
  /// The pointers must outlive the method. The calls of the pool `urgent` go before imports; null: none.
  ImportMethod(const RpcEnvironment& environment, WorkPool* pool, InteractionRecorder* recorder,
               OpenStreams* streams, const WorkPool* urgent = nullptr)
      : observer_(environment, "ImportInteractions"),
        pool_(pool),
        recorder_(recorder),
        streams_(streams),
        urgent_(urgent) {}

  /// Starts a call; the reactor owns itself. The pointers are gRPC's and valid until the call is done.
  grpc::ServerReadReactor<grpc::ByteBuffer>* Start(grpc::CallbackServerContext* context,
                                                   grpc::ByteBuffer* response);

 private:
  class Call;

  RpcObserver observer_;
  WorkPool* const pool_;
  InteractionRecorder* const recorder_;
  OpenStreams* const streams_;
  const WorkPool* const urgent_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_IMPORT_H_
