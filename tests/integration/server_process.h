#ifndef RIDGELINE_TESTS_INTEGRATION_SERVER_PROCESS_H_
#define RIDGELINE_TESTS_INTEGRATION_SERVER_PROCESS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/integration/child_process.h"

namespace ridgeline {

/// The path of a built program: "ridgeline-server", "ridgeline" or "ridgeline-lab".
std::string ProgramPath(const std::string& name);

/// A real server on free ports, killed when the object goes. Thread-compatible.
class ServerProcess {
 public:
  /// Starts the server on `data_directory` with `flags` added, and returns when it listens. kInternal with
  /// what it printed when it ends instead.
  static absl::StatusOr<ServerProcess> Start(const std::string& data_directory,
                                             const std::vector<std::string>& flags = {});

  /// The same at `grpc_address`, that of a server that has ended.
  static absl::StatusOr<ServerProcess> StartAt(const std::string& grpc_address,
                                               const std::string& data_directory,
                                               const std::vector<std::string>& flags = {});

  /// "127.0.0.1:PORT".
  const std::string& grpc_address() const { return grpc_address_; }
  const std::string& http_address() const { return http_address_; }

  /// SIGKILL, and waits for the end.
  void Kill();

  /// SIGTERM; the exit code, or nothing when it has not ended after `timeout`.
  absl::optional<int> Terminate(absl::Duration timeout);

  /// Runs the command line client against this server.
  absl::StatusOr<CommandResult> Client(std::vector<std::string> arguments) const;

  /// The body of http://.../`path`, by curl; kInternal unless the answer is a 200.
  absl::StatusOr<std::string> HttpGet(const std::string& path) const;

 private:
  ServerProcess(ChildProcess child, std::string grpc_address, std::string http_address)
      : child_(std::move(child)),
        grpc_address_(std::move(grpc_address)),
        http_address_(std::move(http_address)) {}

  ChildProcess child_;
  std::string grpc_address_;
  std::string http_address_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_INTEGRATION_SERVER_PROCESS_H_
