#include "tests/integration/server_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

constexpr int kStartTimeoutMilliseconds = 60'000;

// Returns when `path` exists or the child has ended, whichever is first.
void WaitForFile(const std::string& path, int inotify, const ChildProcess& child) {
  pollfd events[] = {{inotify, POLLIN, 0}, {child.descriptor(), POLLIN, 0}};
  while (!std::filesystem::exists(path)) {
    if (poll(events, 2, kStartTimeoutMilliseconds) <= 0 || events[1].revents != 0) return;
    char buffer[4096];
    if (read(inotify, buffer, sizeof(buffer)) < 0) return;
  }
}

std::string Address(const nlohmann::json& ports, const char* name) {
  return absl::StrCat("127.0.0.1:", ports.value(name, 0));
}

}  // namespace

std::string ProgramPath(const std::string& name) {
  return absl::StrCat(RIDGELINE_BINARY_DIR, "/", name);
}

absl::StatusOr<ServerProcess> ServerProcess::Start(const std::string& data_directory,
                                                   const std::vector<std::string>& flags) {
  return StartAt("127.0.0.1:0", data_directory, flags);
}

absl::StatusOr<ServerProcess> ServerProcess::StartAt(const std::string& grpc_address,
                                                     const std::string& data_directory,
                                                     const std::vector<std::string>& flags) {
  std::filesystem::create_directories(data_directory);
  const std::string ports_file = data_directory + ".ports";
  const std::string log_file = data_directory + ".log";
  std::filesystem::remove(ports_file);
  std::vector<std::string> arguments = {ProgramPath("ridgeline-server"),
                                        "--data-dir",
                                        data_directory,
                                        "--grpc-address",
                                        grpc_address,
                                        "--http-address",
                                        "127.0.0.1:0",
                                        "--ports-file",
                                        ports_file};
  arguments.insert(arguments.end(), flags.begin(), flags.end());

  const int inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  inotify_add_watch(inotify, std::filesystem::path(ports_file).parent_path().c_str(),
                    IN_CREATE | IN_MOVED_TO);
  RIDGELINE_ASSIGN_OR_RETURN(ChildProcess child, ChildProcess::Start(arguments, log_file + ".out", log_file));
  WaitForFile(ports_file, inotify, child);
  close(inotify);

  const absl::StatusOr<std::string> text = ReadFile(ports_file);
  if (!text.ok()) return absl::InternalError(absl::StrCat("no start: ", ReadFile(log_file).value_or("")));
  const nlohmann::json ports = nlohmann::json::parse(*text, nullptr, false);
  return ServerProcess(std::move(child), Address(ports, "grpc"), Address(ports, "http"));
}

void ServerProcess::Kill() {
  child_.Signal(SIGKILL);
  child_.Wait(absl::InfiniteDuration());
}

absl::optional<int> ServerProcess::Terminate(absl::Duration timeout) {
  child_.Signal(SIGTERM);
  return child_.Wait(timeout);
}

absl::StatusOr<CommandResult> ServerProcess::Client(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {ProgramPath("ridgeline"), "--server", grpc_address_});
  return RunCommand(arguments);
}

absl::StatusOr<std::string> ServerProcess::HttpGet(const std::string& path) const {
  RIDGELINE_ASSIGN_OR_RETURN(CommandResult result,
                             RunCommand({"/usr/bin/curl", "--silent", "--show-error", "--fail",
                                         absl::StrCat("http://", http_address_, path)}));
  if (result.exit_code != 0) return absl::InternalError(result.standard_error);
  return result.standard_output;
}

}  // namespace ridgeline
