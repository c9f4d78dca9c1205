#ifndef RIDGELINE_CLIENT_CLI_DURATION_FLAG_H_
#define RIDGELINE_CLIENT_CLI_DURATION_FLAG_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace ridgeline {

/// "500ms", "5s", or a plain number of seconds; nothing when it is not a time of 0 or more.
absl::optional<absl::Duration> ParseDurationFlag(const std::string& text);

/// Declares a flag for a time that ParseDurationFlag reads; another one is a usage error, and so is 0 unless
/// `zero`.
CLI::Option* AddDurationFlag(CLI::App& command, const std::string& name, absl::optional<absl::Duration>& time,
                             const std::string& description, bool zero = false);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_DURATION_FLAG_H_
