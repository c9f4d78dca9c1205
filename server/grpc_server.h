#ifndef RIDGELINE_SERVER_GRPC_SERVER_H_
#define RIDGELINE_SERVER_GRPC_SERVER_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/mutex.h"

namespace ridgeline {

/// Largest message that the server takes, in bytes.
inline constexpr int kMaxRequestBytes = 16 << 20;

/// Calls that may be open on one connection at a time; a client keeps further ones back until some have
/// ended.
inline constexpr int kMaxStreamsPerConnection = 128;

/// What requests may take of memory before they are whole, and until they are answered, in bytes: twice what
/// the pools' queues hold.
inline constexpr size_t kMaxRequestMemory = size_t{1} << 30;

/// Calls that are being answered: of a unary call from the moment on when its request is there to when its
/// answer has been written out. Thread-safe.
class CallsUnderWay {
 public:
  void Begin();
  void End();

  /// Waits until no call has been under way for `rest`, for at most `timeout`, and not after Stop.
  void AwaitRest(absl::Duration rest, absl::Duration timeout);

  /// Nobody needs to wait any more.
  void Stop();

 private:
  Mutex mutex_;
  CondVar changed_;
  int64_t under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

/// A gRPC server that listens.
struct ListeningGrpcServer {
  std::shared_ptr<CallsUnderWay> calls;  ///< of the services, without those of health and reflection
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

/// How long a server that drains waits for calls that were sent before their client learned of it.
inline constexpr absl::Duration kDrainRest = absl::Seconds(1);

/// What stands between the port and the services.
struct GrpcSecurity {
  std::shared_ptr<grpc::ServerCredentials> credentials;  ///< null: no encryption

  /// Answers calls of methods that no service has, and must outlive the server. Null: these are
  /// unimplemented, and reflection tells everybody what there is.
  grpc::CallbackGenericService* unknown_methods = nullptr;
};

/// Starts gRPC on `address` with `services`, which must outlive the server, health checks and reflection;
/// messages, streams, threads, the memory of requests and keepalive are bounded. kUnavailable when it cannot
/// listen there.
absl::StatusOr<ListeningGrpcServer> StartGrpcServer(
    const std::string& address, const std::vector<std::unique_ptr<grpc::Service>>& services,
    const GrpcSecurity& security = {});

/// Takes no more connections, tells every client to leave and returns when all are gone. Calls under way may
/// take `timeout`. When none has been for `rest`, or after that time, the connections that are left are cut,
/// and with them what else their clients keep open: calls whose requests are not whole, watches of health,
/// silence. To be called once.
void DrainGrpcServer(const ListeningGrpcServer& listening, absl::Duration timeout,
                     absl::Duration rest = kDrainRest);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_GRPC_SERVER_H_
