#ifndef RIDGELINE_TESTS_CLIENT_GRPC_ERROR_H_
#define RIDGELINE_TESTS_CLIENT_GRPC_ERROR_H_

#include <string>

#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace ridgeline {

/// A gRPC status with `detail` attached, as servers with rich errors send it.
inline grpc::Status ErrorWithDetail(grpc::StatusCode code, const std::string& message,
                                    const google::protobuf::Message& detail) {
  google::rpc::Status details;
  details.set_code(code);
  details.set_message(message);
  details.add_details()->PackFrom(detail);
  return grpc::Status(code, message, details.SerializeAsString());
}

/// An error of Ridgeline's own, which is told from gRPC's by the google.rpc.ErrorInfo that is attached.
inline grpc::Status ErrorOfServer(grpc::StatusCode code, const std::string& message) {
  google::rpc::ErrorInfo info;
  info.set_domain("ridgeline");
  return ErrorWithDetail(code, message, info);
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CLIENT_GRPC_ERROR_H_
