#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "client/cli/command_line.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  // Abseil as Debian builds it searches each lock for cycles, which `bench` would pay for at each call.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const ridgeline::Streams streams{&std::cin, &std::cout, &std::cerr, isatty(STDERR_FILENO) == 1};
  return static_cast<int>(ridgeline::RunCommandLine(arguments, streams));
}
