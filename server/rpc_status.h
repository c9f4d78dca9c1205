#ifndef RIDGELINE_SERVER_RPC_STATUS_H_
#define RIDGELINE_SERVER_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"

namespace ridgeline {

/// The only way from our statuses to the wire: the same code, the message's first KiB, and google.rpc
/// details.
///
///   ErrorInfo   always: reason is the code's name, domain "ridgeline"
///   BadRequest  kInvalidArgument whose message is "field: description": one violation of that field
///   RetryInfo   kResourceExhausted and kUnavailable: when to try again; that of the status, if it has one as
///   a
///               payload under the message's type URL
///
/// OK becomes a status without message and details.
google::rpc::Status ToRpcStatus(const absl::Status& status);

/// The same for the end of a call; the details travel in its binary error details.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_STATUS_H_
