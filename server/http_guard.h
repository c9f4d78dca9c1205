#ifndef RIDGELINE_SERVER_HTTP_GUARD_H_
#define RIDGELINE_SERVER_HTTP_GUARD_H_

#include "server/access/access_control.h"
#include "server/access/audit_log.h"
#include "server/http_server.h"

namespace ridgeline {

/// Asks `access` about each request; null: no guard, everything is allowed. Denials go to `audit` unless that
/// is null. Both must outlive the guard.
HttpGuard MakeHttpGuard(const AccessControl* access, AuditLog* audit);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_HTTP_GUARD_H_
