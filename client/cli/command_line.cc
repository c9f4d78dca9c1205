#include "client/cli/command_line.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "client/cli/commands.h"
#include "client/cli/duration_flag.h"

namespace ridgeline {
namespace {

constexpr char kFooter[] =
    "`ridgeline COMMAND --help` shows a command's flags with examples. Lists (LIST) are \"a,b,c\", or @FILE "
    "or - (standard\n"
    "input) with one element a line. Exit codes: 0 success, 1 the call failed, 2 wrong usage, 3 no server "
    "answered.";

struct GlobalFlags {
  RecommenderClientOptions client;
  absl::optional<absl::Duration> timeout;
  bool json = false;
};

void DeclareGlobalFlags(CLI::App& app, GlobalFlags& flags) {
  app.fallthrough();  // global flags may follow the command
  app.require_subcommand(1);
  app.footer(kFooter);
  app.set_version_flag("--version", RIDGELINE_VERSION);
  app.add_option("--server", flags.client.address, "The server's gRPC address")
      ->envname("RIDGELINE_SERVER")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  AddDurationFlag(app, "--timeout", flags.timeout,
                  "How long to wait for an answer, e.g. 500ms or 5 (seconds); default 5s");
  app.add_flag("--json", flags.json, "Print JSON, one object a line, for scripts");
}

void DeclareCommands(CommandScope scope) {
  AddRecommendCommand(scope);
  AddSimilarCommand(scope);
  AddScoreCommand(scope);
  AddExplainCommand(scope);
  AddRecordCommand(scope);
  AddImportCommand(scope);
  AddItemsCommands(scope);
  AddUsersCommands(scope);
  AddTrainCommand(scope);
  AddModelsCommands(scope);
  AddStatusCommands(scope);
  AddBenchCommand(scope);
}

absl::Status RunCommand(const GlobalFlags& flags, const Command& command, Output& output,
                        std::istream& input) {
  RecommenderClientOptions options = flags.client;
  options.fill_event_ids = true;
  if (flags.timeout.has_value()) {
    options.timeout = *flags.timeout;
    options.stream_timeout = *flags.timeout;
  }
  const absl::StatusOr<std::unique_ptr<RecommenderClient>> client = RecommenderClient::Create(options);
  if (!client.ok()) return UsageError(client.status().message());
  Session session{**client, options, output, input};
  absl::Status status = command(session);
  if (!output.Flush() && status.ok()) status = absl::DataLossError("the output could not be written");
  return status;
}

}  // namespace

ExitCode RunCommandLine(const std::vector<std::string>& arguments, const Streams& streams) {
  GlobalFlags flags;
  Command chosen;
  CLI::App app("Talks to a Ridgeline recommendation server.", "ridgeline");
  DeclareGlobalFlags(app, flags);
  DeclareCommands({app, chosen});
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {  // --help and --version arrive here too
    return app.exit(error, *streams.out, *streams.err) == 0 ? ExitCode::kOk : ExitCode::kUsage;
  }
  Output output(streams, flags.json);
  const absl::Status status = RunCommand(flags, chosen, output, *streams.in);
  if (absl::IsUnavailable(status)) {
    output.Note(absl::StrCat("ridgeline: no answer from ", flags.client.address, ": ", status.message()));
  } else if (!status.ok()) {
    output.Note(absl::StrCat("ridgeline: ", absl::StatusCodeToString(status.code()), ": ", status.message()));
  }
  return ExitCodeFor(status);
}

}  // namespace ridgeline
