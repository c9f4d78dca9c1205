#ifndef RIDGELINE_SERVER_RPC_BACKUP_H_
#define RIDGELINE_SERVER_RPC_BACKUP_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "absl/time/time.h"
#include "core/backup/backup_source.h"
#include "server/open_streams.h"
#include "server/queue/work_pool.h"
#include "server/rpc_method.h"

namespace ridgeline {

/// CreateBackup as gRPC calls it. The pool's threads make the view, read it and remove it, a chunk at a time
/// and only once the client has taken the one before: a slow client holds back the call, and nothing else. A
/// shutdown ends the call after the chunk under way.
/// Thread-safe; must outlive its calls.
class BackupMethod {
 public:
  /// How long a client may take for one message. What it keeps from the disk meanwhile is told at
  /// BackupSource.
  static constexpr absl::Duration kPatience = absl::Minutes(1);

  /// The pointers must outlive the method.
  BackupMethod(const RpcEnvironment& environment, WorkPool* pool, BackupSource* source, OpenStreams* streams,
               absl::Duration patience = kPatience)
      : observer_(environment, "CreateBackup"),
        pool_(pool),
        source_(source),
        streams_(streams),
        patience_(patience) {}

  /// Starts a call; the reactor owns itself. The pointers are gRPC's and valid until the call is done.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Start(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request);

 private:
  class Call;

  RpcObserver observer_;
  WorkPool* const pool_;
  BackupSource* const source_;
  OpenStreams* const streams_;
  const absl::Duration patience_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_BACKUP_H_
