#ifndef RIDGELINE_CLIENT_CLI_COMMAND_LINE_H_
#define RIDGELINE_CLIENT_CLI_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "client/cli/exit_code.h"
#include "client/cli/output.h"

namespace ridgeline {

/// Runs the program `ridgeline` with `arguments` (without its name) and returns its exit code. Results go to
/// `streams.out`; help too; errors to `streams.err`. Reads the server's address from $RIDGELINE_SERVER where
/// no flag gives it.
ExitCode RunCommandLine(const std::vector<std::string>& arguments, const Streams& streams);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_COMMAND_LINE_H_
