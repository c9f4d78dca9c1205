#include "client/cli/command_line.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "client/address_list.h"
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
  std::string api_key_file;
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  absl::optional<absl::Duration> timeout;
  bool json = false;
};

void DeclareGlobalFlags(CLI::App& app, GlobalFlags& flags) {
  app.fallthrough();  // global flags may follow the command
  app.require_subcommand(1);
  app.footer(kFooter);
  app.set_version_flag("--version", RIDGELINE_VERSION);
  app.add_option("--server", flags.client.address,
                 "The server's gRPC address; of several, separated by commas, the first that can be reached")
      ->envname("RIDGELINE_SERVER")
      ->type_name("HOST:PORT[,...]")
      ->capture_default_str();
  app.add_option("--api-key-file", flags.api_key_file,
                 "File with the API key; without it the key is that of $RIDGELINE_API_KEY, if any")
      ->envname("RIDGELINE_API_KEY_FILE")
      ->type_name("FILE");
  app.add_flag("--tls", flags.client.tls.enabled,
               "Encrypt; the server must be vouched for by an authority that this system trusts");
  app.add_option("--tls-ca", flags.tls_ca,
                 "PEM file of the authority that must vouch for the server; implies --tls")
      ->envname("RIDGELINE_TLS_CA")
      ->type_name("FILE");
  app.add_option("--tls-certificate", flags.tls_certificate,
                 "PEM file of the client's own certificate, for a server that asks for one; implies --tls")
      ->envname("RIDGELINE_TLS_CLIENT_CERTIFICATE")
      ->type_name("FILE");
  app.add_option("--tls-key", flags.tls_key, "PEM file of its key")
      ->envname("RIDGELINE_TLS_CLIENT_KEY")
      ->type_name("FILE");
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
  AddKeysCommands(scope);
  AddBackupCommand(scope);
  AddRestoreCommand(scope);
  AddStatusCommands(scope);
  AddBenchCommand(scope);
}

// Not a flag of its own: everybody on the machine sees the flags of a process.
absl::Status ReadApiKey(const std::string& path, std::string* key) {
  if (path.empty()) {
    const char* variable = std::getenv("RIDGELINE_API_KEY");
    if (variable != nullptr) *key = variable;
    return absl::OkStatus();
  }
  std::ifstream file(path);
  if (!std::getline(file, *key)) return UsageError(absl::StrCat("--api-key-file: cannot read ", path));
  absl::StripAsciiWhitespace(key);
  return absl::OkStatus();
}

absl::Status ReadPem(const char* flag, const std::string& path, std::string* text) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path);
  text->assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  if (file.bad() || text->empty()) return UsageError(absl::StrCat(flag, ": cannot read ", path));
  return absl::OkStatus();
}

absl::Status ReadTls(const GlobalFlags& flags, TlsOptions* tls) {
  absl::Status status = ReadPem("--tls-ca", flags.tls_ca, &tls->ca);
  if (status.ok()) status = ReadPem("--tls-certificate", flags.tls_certificate, &tls->certificate);
  if (status.ok()) status = ReadPem("--tls-key", flags.tls_key, &tls->key);
  tls->enabled = tls->enabled || !tls->ca.empty() || !tls->certificate.empty();
  return status;
}

absl::Status RunCommand(const GlobalFlags& flags, const Command& command, Output& output,
                        std::istream& input) {
  RecommenderClientOptions options = flags.client;
  options.fill_event_ids = true;
  const absl::Status addresses = ParseAddressList(options.address).status();
  if (!addresses.ok()) return UsageError(absl::StrCat("--server: ", addresses.message()));
  absl::Status read = ReadApiKey(flags.api_key_file, &options.api_key);
  if (read.ok()) read = ReadTls(flags, &options.tls);
  if (!read.ok()) return read;
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
  if (IsUnreachable(status)) {
    output.Note(absl::StrCat("ridgeline: no answer from ", flags.client.address, ": ", status.message()));
  } else if (!status.ok()) {
    output.Note(absl::StrCat("ridgeline: ", absl::StatusCodeToString(status.code()), ": ", status.message()));
  }
  return ExitCodeFor(status);
}

}  // namespace ridgeline
