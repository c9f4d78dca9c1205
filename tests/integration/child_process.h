#ifndef RIDGELINE_TESTS_INTEGRATION_CHILD_PROCESS_H_
#define RIDGELINE_TESTS_INTEGRATION_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace ridgeline {

/// A program started by a test, killed when the object goes. Thread-compatible.
class ChildProcess {
 public:
  /// Starts `arguments`[0], a path, with the rest; its two outputs go to the files named, which are made
  /// anew.
  static absl::StatusOr<ChildProcess> Start(const std::vector<std::string>& arguments,
                                            const std::string& stdout_path, const std::string& stderr_path);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  /// Sends a signal; nothing when the program has ended.
  void Signal(int signal);

  /// The exit code, 128 + n after signal n, once it has ended; nothing when `timeout` passes first.
  absl::optional<int> Wait(absl::Duration timeout);

  /// A descriptor that becomes readable when the program ends.
  int descriptor() const { return descriptor_; }

 private:
  ChildProcess(pid_t pid, int descriptor) : pid_(pid), descriptor_(descriptor) {}

  pid_t pid_;
  int descriptor_;  // a pidfd
  absl::optional<int> exit_code_;
};

/// What a finished command left.
struct CommandResult {
  int exit_code = 0;
  std::string standard_output;
  std::string standard_error;
};

/// Runs a program to its end. kDeadlineExceeded when it has not ended after `timeout`.
absl::StatusOr<CommandResult> RunCommand(const std::vector<std::string>& arguments,
                                         absl::Duration timeout = absl::Minutes(2));

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_INTEGRATION_CHILD_PROCESS_H_
