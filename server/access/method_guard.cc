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
constexpr size_t kMaxRefusedBytes = size_t{64} << 10;

}  // namespace

bool IsDenial(const absl::Status& outcome) {
  return absl::IsUnauthenticated(outcome) || absl::IsPermissionDenied(outcome);
}

MethodGuard::MethodGuard(const AccessControl* access, AuditLog* audit, std::string path)
    : access_(access), audit_(audit), path_(std::move(path)), rule_(FindRule(MethodRules(), path_)) {}

AccessDecision MethodGuard::Admit(const grpc::CallbackServerContext& context) const {
  if (access_ == nullptr) return {};
  AccessDecision decision = access_->Decide(rule_, path_, AuthorizationOf(context));
  if (!decision.status.ok() || decision.client == nullptr) return decision;
  absl::StatusOr<CallSlot> slot = decision.client->limiter->Admit(decision.client->name, SteadyNow());
  if (slot.ok()) {
    decision.slot = *std::move(slot);
  } else {
    decision.status = slot.status();
  }
  return decision;
}

absl::Status MethodGuard::CheckStillAllowed(const grpc::CallbackServerContext& context) const {
  if (access_ == nullptr) return absl::OkStatus();
  return access_->Decide(rule_, path_, AuthorizationOf(context)).status;
}

bool MethodGuard::Audited(const absl::Status& outcome) const {
  return audit_ != nullptr && ((rule_ != nullptr && rule_->audited) || IsDenial(outcome));
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
  if (!Audited(outcome)) return;
  AuditRecord record = RecordOf(decision, context, outcome);
  const bool is_read = outcome.ok() || request.Length() <= kMaxRefusedBytes;
  record.request = is_read ? AuditedRequest(path_, request) : AuditedSize(request);
  if (outcome.ok()) record.response = AuditedResponse(path_, response);
  audit_->Write(record);
}

void MethodGuard::AuditStream(const AccessDecision& decision, const grpc::CallbackServerContext& context,
                              const absl::Status& outcome, const google::protobuf::Message& summary) const {
  if (!Audited(outcome)) return;
  AuditRecord record = RecordOf(decision, context, outcome);
  record.response = AuditedFields(summary);
  audit_->Write(record);
}

}  // namespace ridgeline
