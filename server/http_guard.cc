#include "server/http_guard.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "server/access/access_rules.h"
#include "server/access/audit_target.h"

namespace ridgeline {

namespace {

void AuditDenial(const HttpRequest& request, const AccessDecision& decision, AuditLog* audit) {
  AuditRecord record;
  if (decision.client != nullptr) record.client = decision.client->name;
  if (!audit->HasRoomFor(record.client, decision.status)) return;
  record.method = absl::StrCat(request.method, " ", request.path.substr(0, kMaxAuditedText));
  record.peer = request.peer;
  record.outcome = decision.status;
  audit->Write(record);
}

}  // namespace

HttpGuard MakeHttpGuard(const AccessControl* access, AuditLog* audit) {
  if (access == nullptr) return nullptr;
  return [access, audit](const HttpRequest& request) {
    absl::optional<absl::string_view> authorization;
    if (request.authorization.has_value()) authorization = *request.authorization;
    const AccessRule* rule = FindRule(RouteRules(), request.path);
    const AccessDecision decision = access->Admit(rule, request.path, authorization);
    if (IsDenial(decision.status) && audit != nullptr) AuditDenial(request, decision, audit);
    return decision.status;
  };
}

}  // namespace ridgeline
