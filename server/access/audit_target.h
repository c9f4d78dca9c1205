#ifndef RIDGELINE_SERVER_ACCESS_AUDIT_TARGET_H_
#define RIDGELINE_SERVER_ACCESS_AUDIT_TARGET_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <nlohmann/json_fwd.hpp>

#include "absl/strings/string_view.h"

namespace ridgeline {

/// Longest text of a request that is repeated, in bytes; more is cut.
inline constexpr size_t kMaxAuditedText = 256;

/// What an audit log tells of a message, by the schema alone: each field of one value that is set, as it is,
/// and of a repeated one how many there are. Messages within are left out. An object, maybe empty.
nlohmann::ordered_json AuditedFields(const google::protobuf::Message& message);

/// The same of a method's request in bytes; empty when it cannot be parsed, or the schema has no such method.
/// `path` is "/ridgeline.v1.CatalogService/GetItem".
nlohmann::ordered_json AuditedRequest(absl::string_view path, const grpc::ByteBuffer& bytes);

/// What is told of a request that is too large to be read: {"bytes": N}.
nlohmann::ordered_json AuditedSize(const grpc::ByteBuffer& bytes);

/// The same of a method's response. Of a whole model, training or experiment only `id` and `version` are
/// told.
nlohmann::ordered_json AuditedResponse(absl::string_view path, const grpc::ByteBuffer& bytes);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_AUDIT_TARGET_H_
