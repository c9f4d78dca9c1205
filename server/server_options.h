#ifndef RIDGELINE_SERVER_SERVER_OPTIONS_H_
#define RIDGELINE_SERVER_SERVER_OPTIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "core/training/retrainer.h"
#include "server/access/tls_files.h"
#include "server/logger.h"

namespace ridgeline {

/// How the server runs. Each field is a flag of the same name (`data_dir` is --data-dir), whose help says
/// more; those of `retrainer` are the model and training flags.
struct ServerOptions {
  /// Folder of everything that must survive a restart; made when absent, used by one process at a time.
  std::string data_dir = "ridgeline-data";

  /// "host:port" of gRPC; port 0 takes a free one. One that others than this machine reach needs API keys and
  /// TLS, or `insecure_listen`.
  std::string grpc_address = "127.0.0.1:50051";

  /// "host:port" of metrics and health over HTTP, which has no TLS; others than loopback need
  /// `insecure_listen`.
  std::string http_address = "127.0.0.1:8080";

  /// File to write {"grpc": port, "http": port} to once both are open; "" for none.
  std::string ports_file;

  /// File of API keys, one JSON object a line, see server/access/key_file.h; "": open to everybody.
  std::string api_keys;

  /// File that who changed what, and who was denied, is appended to, one JSON object a line; "": to the
  /// ordinary log while there are API keys, else nowhere.
  std::string audit_log;

  /// TLS of the gRPC port, the flags --tls-certificate, --tls-key and --tls-client-ca; without a certificate
  /// there is none. With a client authority clients need a certificate of it, beside their API key.
  TlsFiles tls;

  /// Listens where others reach it, whatever is missing: for a container or a network that keeps strangers
  /// away.
  bool insecure_listen = false;

  /// How often files of API keys and certificates are looked at, whose change counts from the second look on,
  /// and what a backup may have left.
  absl::Duration reload_interval = absl::Seconds(1);

  /// Whether the server counts as ready while it has no model. Without it a load balancer sends no calls
  /// before the first training, so a first start would wait for ever unless somebody trains.
  bool allow_empty_start = false;

  /// What is trained, when, and how much of it is kept.
  RetrainerOptions retrainer;

  /// Threads that compute answers; 0: one a processor. More add waiting, not speed.
  int serving_threads = 0;

  /// Calls that may wait for a thread; the next is refused with RESOURCE_EXHAUSTED. A longer queue refuses
  /// less and answers later.
  int max_queue = 1'024;

  /// Users whose folded-in vectors are kept; each takes memory in proportion to their history.
  int64_t cached_users = 100'000;

  /// How long calls under way may take to end at shutdown before they are cancelled. Shorter than the 10 s
  /// that supervisors such as Docker give a program, since what follows takes a moment too.
  absl::Duration drain_timeout = absl::Seconds(8);

  LogLevel log_level = LogLevel::kInfo;
};

/// What the command line asks for.
struct CommandLine {
  ServerOptions options;

  /// --help or --version: print this and run nothing.
  absl::optional<std::string> text;
};

/// Reads flags, then RIDGELINE_* from the environment, then the TOML file that --config names: a value is
/// taken from the first of these that has it. kInvalidArgument saying in one line which name or value is
/// wrong.
absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_SERVER_OPTIONS_H_
