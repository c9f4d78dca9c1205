#include "server/access/method_guard.h"

#include <iterator>
#include <utility>

#include "server/access/audit_target.h"

namespace ridgeline {

absl::optional<absl::string_view> AuthorizationOf(const grpc::CallbackServerContext& context) {
  const auto range = context.client_metadata().equal_range("authorization");
  if (range.first == range.second || std::next(range.first) != range.second) return absl::nullopt;
  return absl::string_view(range.first->second.data(), range.first->second.size());
}

namespace {

// A refused call has cost little so far; reading all of its request, to tell what it was about, would.
constexpr size_t kMaxRefusedBytes = size_t{4} << 10;

}  // namespace

MethodGuard::MethodGuard(const AccessControl* access, AuditLog* audit, std::string path)
    : access_(access), audit_(audit), path_(std::move(path)), rule_(FindRule(MethodRules(), path_)) {}

AccessDecision MethodGuard::Admit(const grpc::CallbackServerContext& context) const {
  if (access_ == nullptr) return {};
  return access_->Admit(rule_, path_, AuthorizationOf(context));
}

absl::Status MethodGuard::CheckStillAllowed(const grpc::CallbackServerContext& context) const {
  if (access_ == nullptr) return absl::OkStatus();
  return access_->Decide(rule_, path_, AuthorizationOf(context)).status;
}

bool MethodGuard::Audited(const AccessDecision& decision, const absl::Status& outcome) const {
  if (audit_ == nullptr) return false;
  if (!(rule_ != nullptr && rule_->audited) && !IsDenial(outcome)) return false;
  return audit_->HasRoomFor(decision.client == nullptr ? "" : decision.client->name, outcome);
}

AuditRecord MethodGuard::RecordOf(const AccessDecision& decision, const grpc::CallbackServerContext& context,
                                  const absl::Status& outcome) const {
  AuditRecord record;
  record.method = path_;
  if (decision.client != nullptr) record.client = decision.client->name;
  record.peer = context.peer();
  record.outcome = outcome;
  return record;
}

void MethodGuard::Audit(const AccessDecision& decision, const grpc::CallbackServerContext& context,
                        const absl::Status& outcome, const grpc::ByteBuffer& request,
                        const grpc::ByteBuffer& response) const {
  if (!Audited(decision, outcome)) return;
  AuditRecord record = RecordOf(decision, context, outcome);
  // What strangers ask for is not read at all.
  const bool is_stranger = access_ != nullptr && decision.client == nullptr;
  const bool is_read = outcome.ok() || (!is_stranger && request.Length() <= kMaxRefusedBytes);
  record.request = is_read ? AuditedRequest(path_, request) : AuditedSize(request);
  if (outcome.ok()) record.response = AuditedResponse(path_, response);
  audit_->Write(record);
}

void MethodGuard::AuditStream(const AccessDecision& decision, const grpc::CallbackServerContext& context,
                              const absl::Status& outcome, const google::protobuf::Message& summary) const {
  if (!Audited(decision, outcome)) return;
  AuditRecord record = RecordOf(decision, context, outcome);
  record.response = AuditedFields(summary);
  audit_->Write(record);
}

}  // namespace ridgeline
