#ifndef RIDGELINE_TESTS_CLIENT_CLI_RUN_CLI_H_
#define RIDGELINE_TESTS_CLIENT_CLI_RUN_CLI_H_

#include <sstream>
#include <string>
#include <vector>

#include "client/cli/command_line.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"

namespace ridgeline {

/// What a run of the program left behind.
struct CliRun {
  ExitCode code;
  std::string out;
  std::string err;
};

/// Runs the program with `arguments` and `input` on its standard input.
inline CliRun RunCli(const std::vector<std::string>& arguments, const std::string& input = "",
                     bool err_is_terminal = false) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = RunCommandLine(arguments, {&in, &out, &err, err_is_terminal});
  return {code, out.str(), err.str()};
}

/// A test of the program against a fake server.
class CliTest : public testing::Test {
 protected:
  CliRun Run(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), {"--server", server_.address()});
    return RunCli(arguments, input);
  }

  FakeServer server_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CLIENT_CLI_RUN_CLI_H_
