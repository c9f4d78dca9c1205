#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#if __has_include(<google/protobuf/stubs/logging.h>)
#include <google/protobuf/stubs/logging.h>
#define RIDGELINE_PROTOBUF_HAS_LOG_HANDLER 1
#endif

#include <iostream>

#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "server/logger.h"
#include "server/server.h"
#include "server/server_options.h"

namespace {

// What a wrong command line and a failed start end with.
constexpr int kUsageError = 2;
constexpr int kStartError = 1;

// Blocks the signals that end the server in this thread and all that it starts, so that only WaitForEnd sees
// them.
sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Returns at the first of `signals`; the next one ends the process at once.
void WaitForEnd(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

// Libraries that would write lines of their own between ours. GRPC_VERBOSITY in the environment still counts.
void SilenceLibraries() {
  setenv("GRPC_VERBOSITY", "NONE", 0);
#ifdef RIDGELINE_PROTOBUF_HAS_LOG_HANDLER
  google::protobuf::SetLogHandler(nullptr);
#endif
}

// Abseil as Debian builds it enters each lock into a graph in search of cycles, and gRPC locks much: a few
// percent of a call. The tests run with the search.
void TrustLocks() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

int Fail(int code, absl::string_view message) {
  std::cerr << "ridgeline-server: " << message << std::endl;
  return code;
}

// Each connection takes a descriptor. Once there is none left, gRPC 1.51 accepts no connection ever again
// (CVE-2023-4785), and the usual limit of 1024 is soon reached. A refusal leaves the limit as it was.
void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int Run(const ridgeline::ServerOptions& options, const sigset_t& end_signals) {
  const ridgeline::SystemClock clock;
  ridgeline::Logger logger(options.log_level, &clock);
  auto server = ridgeline::Server::Start(options, &logger, &clock);
  if (!server.ok()) return Fail(kStartError, server.status().message());
  WaitForEnd(end_signals);
  (*server)->Shutdown();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const sigset_t end_signals = BlockEndSignals();
  signal(SIGPIPE, SIG_IGN);
  RaiseDescriptorLimit();
  SilenceLibraries();
  TrustLocks();
  const auto command_line = ridgeline::ParseCommandLine(argc, argv);
  if (!command_line.ok()) return Fail(kUsageError, command_line.status().message());
  if (command_line->text.has_value()) {
    std::cout << *command_line->text;
    return 0;
  }
  return Run(command_line->options, end_signals);
}
