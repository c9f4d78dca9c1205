#ifndef RIDGELINE_SERVER_RPC_CODEC_H_
#define RIDGELINE_SERVER_RPC_CODEC_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include "absl/status/status.h"

namespace ridgeline {

/// Parses `bytes` into `message`. gRPC's own parsing ends such a call before a handler sees it, with
/// UNIMPLEMENTED and no message; this one says what is wrong. kInvalidArgument, beginning with the field's
/// path when a string is not UTF-8.
absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message* message);

/// Serializes `message` into `bytes`, in place of what was there. kInternal when it is larger than a message
/// can be.
absl::Status SerializeMessage(const google::protobuf::Message& message, grpc::ByteBuffer* bytes);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_CODEC_H_
