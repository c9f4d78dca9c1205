#ifndef RIDGELINE_SERVER_GRPC_SERVER_H_
#define RIDGELINE_SERVER_GRPC_SERVER_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ridgeline {

/// Largest message that the server takes, in bytes.
inline constexpr int kMaxRequestBytes = 16 << 20;

/// A gRPC server that listens.
struct ListeningGrpcServer {
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

/// What stands between the port and the services.
struct GrpcSecurity {
  std::shared_ptr<grpc::ServerCredentials> credentials;  ///< null: no encryption

  /// Answers calls of methods that no service has, and must outlive the server. Null: these are
  /// unimplemented, and reflection tells everybody what there is.
  grpc::CallbackGenericService* unknown_methods = nullptr;
};

/// Starts gRPC on `address` with `services`, which must outlive the server, health checks and reflection;
/// messages, streams, threads and keepalive are bounded. kUnavailable when it cannot listen there.
absl::StatusOr<ListeningGrpcServer> StartGrpcServer(
    const std::string& address, const std::vector<std::unique_ptr<grpc::Service>>& services,
    const GrpcSecurity& security = {});

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_GRPC_SERVER_H_
