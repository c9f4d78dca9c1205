#include "tests/integration/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

// In the child: connects the outputs and becomes the program.
[[noreturn]] void Become(const std::vector<char*>& arguments, const char* stdout_path,
                         const char* stderr_path) {
  const int input = open("/dev/null", O_RDONLY);
  const int output = open(stdout_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int error = open(stderr_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(error, STDERR_FILENO);
  execv(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

absl::StatusOr<ChildProcess> ChildProcess::Start(const std::vector<std::string>& arguments,
                                                 const std::string& stdout_path,
                                                 const std::string& stderr_path) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const pid_t pid = fork();
  if (pid < 0) return absl::ErrnoToStatus(errno, "cannot fork");
  if (pid == 0) Become(pointers, stdout_path.c_str(), stderr_path.c_str());
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return absl::ErrnoToStatus(errno, "cannot watch the child");
  return ChildProcess(pid, descriptor);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(other.pid_), descriptor_(std::exchange(other.descriptor_, -1)), exit_code_(other.exit_code_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(exit_code_, other.exit_code_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (descriptor_ < 0) return;
  Signal(SIGKILL);
  Wait(absl::InfiniteDuration());
  close(descriptor_);
}

void ChildProcess::Signal(int signal) {
  if (!exit_code_.has_value()) kill(pid_, signal);
}

absl::optional<int> ChildProcess::Wait(absl::Duration timeout) {
  if (exit_code_.has_value()) return exit_code_;
  const int milliseconds =
      timeout == absl::InfiniteDuration() ? -1 : static_cast<int>(absl::ToInt64Milliseconds(timeout));
  pollfd ended{descriptor_, POLLIN, 0};
  if (poll(&ended, 1, milliseconds) <= 0) return absl::nullopt;
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

absl::StatusOr<CommandResult> RunCommand(const std::vector<std::string>& arguments, absl::Duration timeout) {
  const TempDir directory;
  const std::string output = directory.path() + "/stdout";
  const std::string error = directory.path() + "/stderr";
  RIDGELINE_ASSIGN_OR_RETURN(ChildProcess child, ChildProcess::Start(arguments, output, error));
  const absl::optional<int> exit_code = child.Wait(timeout);
  if (!exit_code.has_value()) return absl::DeadlineExceededError(absl::StrCat(arguments[0], " did not end"));
  CommandResult result;
  result.exit_code = *exit_code;
  RIDGELINE_ASSIGN_OR_RETURN(result.standard_output, ReadFile(output));
  RIDGELINE_ASSIGN_OR_RETURN(result.standard_error, ReadFile(error));
  return result;
}

}  // namespace ridgeline
