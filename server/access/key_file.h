#ifndef RIDGELINE_SERVER_ACCESS_KEY_FILE_H_
#define RIDGELINE_SERVER_ACCESS_KEY_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/access/api_key.h"
#include "server/access/client_limiter.h"
#include "server/access/role.h"

namespace ridgeline {

/// One line of the file of API keys.
struct KeyEntry {
  std::string name;
  RoleSet roles;
  KeyDigest digest = {};
  ClientLimits limits = {};
};

/// Reads the text of a file of API keys: one JSON object a line, `#` begins a line of comment.
///
///   {"name": "shop", "roles": ["reader", "writer"], "sha256": "64 hexadecimal digits"}
///
/// name    1 to 64 letters, digits, '.', '_' and '-', unique; what logs call the client
/// roles   at least one of "reader", "writer", "trainer", "admin"
/// sha256  of the key; unique
/// limits  optional: {"calls_per_second": 100, "burst": 200, "calls_in_flight": 16,
///         "import_bytes_per_second": 1e6}, each optional and above 0, see ClientLimits
///
/// kInvalidArgument "line N: field: ..." for the first line that is wrong, and when there is no key at all,
/// since a file that is being written would lock everybody out. Errors repeat neither keys nor hashes.
absl::StatusOr<std::vector<KeyEntry>> ParseKeyFile(absl::string_view text);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_KEY_FILE_H_
