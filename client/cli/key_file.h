#ifndef RIDGELINE_CLIENT_CLI_KEY_FILE_H_
#define RIDGELINE_CLIENT_CLI_KEY_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// Appends `line`, which is the key of the client `name`, to the server's file of keys at `path`; one that is
/// absent is made, readable by its owner alone. A server that reads meanwhile sees the whole line or none of
/// it, and two callers do not get in each other's way.
///
/// kAlreadyExists when a line has this name already; kFailedPrecondition when a line is not that of a key, so
/// that the server would refuse the file, or when it cannot be read or written. The file is then as it was.
absl::Status AppendKey(const std::string& path, absl::string_view name, absl::string_view line);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_KEY_FILE_H_
