#include "client/cli/exit_code.h"

#include "absl/strings/cord.h"
#include "client/status_conversion.h"

namespace ridgeline {
namespace {

// Marks a status as made by UsageError: a server's kInvalidArgument must not look like one.
constexpr char kUsagePayload[] = "ridgeline/usage";

}  // namespace

absl::Status UsageError(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsagePayload, absl::Cord());
  return status;
}

bool IsUnreachable(const absl::Status& status) {
  return absl::IsUnavailable(status) && !IsAnswerOfServer(status);
}

ExitCode ExitCodeFor(const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  if (status.GetPayload(kUsagePayload).has_value()) return ExitCode::kUsage;
  return IsUnreachable(status) ? ExitCode::kUnreachable : ExitCode::kCallFailed;
}

}  // namespace ridgeline
