#include "client/cli/command_line.h"

#include <cstdlib>

#include "gmock/gmock.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class CommandLineTest : public CliTest {};

TEST_F(CommandLineTest, HelpOfEveryCommandHasExamplesAndSucceeds) {
  const std::vector<std::vector<std::string>> commands = {
      {"recommend"},    {"similar"},         {"score"},           {"explain"},
      {"record"},       {"import"},          {"items", "import"}, {"items", "list"},
      {"items", "get"}, {"items", "delete"}, {"users", "delete"}, {"users", "interactions"},
      {"train"},        {"models", "list"},  {"models", "get"},   {"models", "activate"},
      {"status"},       {"health"}};
  for (std::vector<std::string> command : commands) {
    command.push_back("--help");
    const CliRun run = RunCli(command);
    EXPECT_EQ(run.code, ExitCode::kOk) << command[0];
    EXPECT_THAT(run.out, HasSubstr("Examples:\n  ridgeline " + command[0]));
    EXPECT_THAT(run.err, IsEmpty());
  }
}

TEST_F(CommandLineTest, PrintsItsVersion) {
  const CliRun run = RunCli({"--version"});
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_THAT(run.out, testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(CommandLineTest, WrongUsageExitsWithTwoAndSaysWhy) {
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"reccomend"},
                                                       {"recommend", "--usr", "1"},
                                                       {"recommend"},
                                                       {"recommend", "--user", "1", "-k", "many"},
                                                       {"recommend", "--user", "1", "--boost", "tag:x"},
                                                       {"recommend", "--user", "1", "--repeat", "0"},
                                                       {"--timeout", "-1s", "status"},
                                                       {"--timeout", "soon", "status"},
                                                       {"--server", "", "status"},
                                                       {"models"},
                                                       {"train", "--cold", "--warm"},
                                                       {"train", "--feedback", "implied"}};
  for (const std::vector<std::string>& arguments : wrong) {
    const CliRun run = Run(arguments);
    EXPECT_EQ(run.code, ExitCode::kUsage) << testing::PrintToString(arguments) << run.err;
    EXPECT_FALSE(run.err.empty());
    EXPECT_THAT(run.out, IsEmpty());
  }
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(CommandLineTest, AFailedCallExitsWithOneAndTellsTheServersReason) {
  server_.FailNext(grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "no model is loaded"));
  const CliRun run = Run({"recommend", "--user", "1"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_EQ(run.err, "ridgeline: FAILED_PRECONDITION: no model is loaded\n");
  EXPECT_THAT(run.out, IsEmpty());
}

TEST_F(CommandLineTest, AnUnreachableServerExitsWithThreeAndIsNamed) {
  std::string address;
  { address = FakeServer().address(); }
  const CliRun run = RunCli({"--server", address, "status"});
  EXPECT_EQ(run.code, ExitCode::kUnreachable);
  EXPECT_THAT(run.err, HasSubstr("no answer from " + address));
}

TEST_F(CommandLineTest, ATimeoutEndsTheCall) {
  server_.Hold();
  EXPECT_THAT(Run({"--timeout", "20ms", "status"}).err, HasSubstr("DEADLINE_EXCEEDED"));
  EXPECT_THAT(Run({"--timeout", "0.02", "status"}).err, HasSubstr("DEADLINE_EXCEEDED"));
}

TEST_F(CommandLineTest, GlobalFlagsMayFollowTheCommand) {
  const CliRun run = RunCli({"models", "list", "--json", "--server", server_.address()});
  EXPECT_EQ(run.code, ExitCode::kOk) << run.err;
}

TEST_F(CommandLineTest, TakesTheServerFromTheEnvironmentUnlessAFlagNamesIt) {
  setenv("RIDGELINE_SERVER", server_.address().c_str(), 1);
  EXPECT_EQ(RunCli({"status"}).code, ExitCode::kOk);
  EXPECT_EQ(RunCli({"--server", "127.0.0.1:1", "status"}).code, ExitCode::kUnreachable);
  unsetenv("RIDGELINE_SERVER");
}

TEST_F(CommandLineTest, ResultsThatCannotBeWrittenAreAnError) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(RunCommandLine({"--server", server_.address(), "status"}, {&in, &out, &err}),
            ExitCode::kCallFailed);
  EXPECT_THAT(err.str(), HasSubstr("could not be written"));
}

}  // namespace
}  // namespace ridgeline
