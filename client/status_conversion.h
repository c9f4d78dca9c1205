#ifndef RIDGELINE_CLIENT_STATUS_CONVERSION_H_
#define RIDGELINE_CLIENT_STATUS_CONVERSION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace grpc {
class Status;
}  // namespace grpc

namespace ridgeline {

/// The call's status with the same code. The message is the server's, followed by those field violations of
/// an attached google.rpc.BadRequest that it does not say itself. Every attached detail becomes a payload
/// under its type URL.
absl::Status FromGrpcStatus(const grpc::Status& status);

/// Whether the error is Ridgeline's own answer (its google.rpc.ErrorInfo is attached), rather than what gRPC
/// says when there is none.
bool IsAnswerOfServer(const absl::Status& status);

/// How long the server asked to wait before the call is sent again (google.rpc.RetryInfo); zero when it did
/// not.
absl::Duration RetryDelay(const absl::Status& status);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_STATUS_CONVERSION_H_
