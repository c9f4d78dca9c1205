#ifndef RIDGELINE_CORE_LAB_COMMAND_H_
#define RIDGELINE_CORE_LAB_COMMAND_H_

#include <ostream>

#include "absl/status/status.h"

namespace ridgeline {

/// Where a command prints: results to `out`, remarks and errors to `err`. References, which must outlive it.
struct Console {
  std::ostream& out;
  std::ostream& err;
};

/// A subcommand of ridgeline-lab whose flags were bound to it when it was made. Thread-compatible.
class Command {
 public:
  virtual ~Command() = default;

  /// Checks the flags before any work starts. kInvalidArgument beginning with the flag's field name, which
  /// the caller reports as wrong usage.
  virtual absl::Status Validate() = 0;

  /// Does the work, after Validate returned OK. The status of what failed.
  virtual absl::Status Run(const Console& console) = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_COMMAND_H_
