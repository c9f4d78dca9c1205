#ifndef RIDGELINE_SERVER_ACCESS_METHOD_GUARD_H_
#define RIDGELINE_SERVER_ACCESS_METHOD_GUARD_H_

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "server/access/access_control.h"
#include "server/access/access_rules.h"
#include "server/access/audit_log.h"

namespace ridgeline {

/// The one `authorization` of a call; nothing when it has none, or several, which no client of good will
/// sends. The text is gRPC's and lives as long as the call.
absl::optional<absl::string_view> AuthorizationOf(const grpc::CallbackServerContext& context);

/// Decides on the calls of one RPC, and tells the audit log of them. Thread-safe.
class MethodGuard {
 public:
  /// The pointers must outlive the guard. `access` null: the server is open to everybody; `audit` null:
  /// nothing is audited. `path` is the method's, "/ridgeline.v1.CatalogService/GetItem".
  MethodGuard(const AccessControl* access, AuditLog* audit, std::string path);

  /// To be asked when a call arrives, before anything is done for it. Takes about a microsecond. Beside
  /// denials, kResourceExhausted when the client is at one of its limits; while it is not, the slot is to be
  /// kept until the call ends.
  AccessDecision Admit(const grpc::CallbackServerContext& context) const;

  /// OK while the caller may still do what it was let in for: keys may be taken back while a stream goes on.
  /// As cheap as Admit; takes no slot.
  absl::Status CheckStillAllowed(const grpc::CallbackServerContext& context) const;

  /// To be told, before the caller is, how a call ended: written down if it was denied or its rule says so.
  /// `request` and `response` are what was sent and is to be answered.
  void Audit(const AccessDecision& decision, const grpc::CallbackServerContext& context,
             const absl::Status& outcome, const grpc::ByteBuffer& request,
             const grpc::ByteBuffer& response) const;

  /// The same of a call whose requests are a stream; `summary` is what came of it, also when it failed.
  void AuditStream(const AccessDecision& decision, const grpc::CallbackServerContext& context,
                   const absl::Status& outcome, const google::protobuf::Message& summary) const;

 private:
  bool Audited(const AccessDecision& decision, const absl::Status& outcome) const;
  AuditRecord RecordOf(const AccessDecision& decision, const grpc::CallbackServerContext& context,
                       const absl::Status& outcome) const;

  const AccessControl* const access_;
  AuditLog* const audit_;
  const std::string path_;
  const AccessRule* const rule_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_METHOD_GUARD_H_
