#ifndef RIDGELINE_SERVER_RPC_CODEC_H_
#define RIDGELINE_SERVER_RPC_CODEC_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>

#include "absl/status/status.h"

namespace ridgeline {

/// The most fields of a request, those of its parts included: 100,000 ids in each of several lists, 10,000
/// items with dozens of tags.
inline constexpr int64_t kMaxRequestFields = 1'000'000;

/// kInvalidArgument when the message of type `descriptor` in `bytes` has more than kMaxRequestFields, so that
/// no memory is taken for them; also OK for what is no such message. Takes no time for small ones.
absl::Status CheckFieldCount(const grpc::ByteBuffer& bytes, const google::protobuf::Descriptor* descriptor);

/// Parses `bytes` into `message`. gRPC's own parsing ends such a call before a handler sees it, with
/// UNIMPLEMENTED and no message; this one says what is wrong. kInvalidArgument, beginning with the field's
/// path when a string is not UTF-8; also when there are more than kMaxRequestFields, before memory is taken
/// for them.
absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message* message);

/// Serializes `message` into `bytes`, in place of what was there. kInternal when it is larger than a message
/// can be.
absl::Status SerializeMessage(const google::protobuf::Message& message, grpc::ByteBuffer* bytes);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_RPC_CODEC_H_
