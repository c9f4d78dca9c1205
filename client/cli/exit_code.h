#ifndef RIDGELINE_CLIENT_CLI_EXIT_CODE_H_
#define RIDGELINE_CLIENT_CLI_EXIT_CODE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// What the program ends with; scripts rely on the numbers.
enum class ExitCode {
  kOk = 0,
  kCallFailed = 1,   ///< the server refused or failed, or a file could not be read
  kUsage = 2,        ///< the command line is wrong; nothing was sent
  kUnreachable = 3,  ///< no server answered; one that answers UNAVAILABLE, as with a full disk, did
};

/// kInvalidArgument that ends the program with kUsage: the command line is wrong in a way that only the
/// command can see.
absl::Status UsageError(absl::string_view message);

/// Whether the status says that no server answered the call.
bool IsUnreachable(const absl::Status& status);

/// The code for how a command ended.
ExitCode ExitCodeFor(const absl::Status& status);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_EXIT_CODE_H_
