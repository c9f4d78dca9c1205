#ifndef RIDGELINE_CLIENT_CLI_COMMAND_H_
#define RIDGELINE_CLIENT_CLI_COMMAND_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "client/cli/output.h"
#include "client/recommender_client.h"

namespace ridgeline {

/// What a command works with.
struct Session {
  RecommenderClient& client;
  const RecommenderClientOptions& options;  ///< those that `client` was made with
  Output& output;
  std::istream& input;
};

/// What a command does once its flags are parsed. A status other than OK becomes the program's message and
/// exit code.
using Command = std::function<absl::Status(Session&)>;

/// Where commands are declared: below `app`, and the one that the command line names is stored in `chosen`.
struct CommandScope {
  CLI::App& app;
  Command& chosen;
};

/// Declares a command with `examples`, one a line, at the end of its help.
CLI::App& AddCommand(CommandScope scope, const std::string& name, const std::string& description,
                     const std::string& examples, Command command);

/// Declares a command that only groups others, e.g. "models"; returns the scope for these.
CommandScope AddCommandGroup(CommandScope scope, const std::string& name, const std::string& description);

/// Declares a flag that may be given several times, each time with one list as ReadList takes it.
CLI::Option* AddListFlag(CLI::App& command, const std::string& name, std::vector<std::string>& lists,
                         const std::string& description);

/// Declares --limit, how many elements of a list are fetched at most, over all its pages.
void AddLimitFlag(CLI::App& command, int64_t& limit);

/// The page size to ask for when `left` elements are still wanted.
int32_t PageSize(int64_t left);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_COMMAND_H_
