#ifndef RIDGELINE_SERVER_ACCESS_ACCESS_RULES_H_
#define RIDGELINE_SERVER_ACCESS_ACCESS_RULES_H_

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "server/access/role.h"

namespace ridgeline {

/// Who may use one RPC or one HTTP path. What has no rule is for nobody.
struct AccessRule {
  absl::string_view path;     ///< "/ridgeline.v1.CatalogService/GetItem", or "/metrics" over HTTP
  absl::optional<Role> role;  ///< the role it needs; nothing: open, even without a key
  bool audited = false;       ///< whether each of its calls is in the audit log, not only denials
};

/// The rules of all RPCs. The tests compare them with the schema: an RPC without a rule fails them.
absl::Span<const AccessRule> MethodRules();

/// The rules of all paths of the HTTP port.
absl::Span<const AccessRule> RouteRules();

/// The rule of `path` in `rules`, null when there is none.
const AccessRule* FindRule(absl::Span<const AccessRule> rules, absl::string_view path);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_ACCESS_RULES_H_
