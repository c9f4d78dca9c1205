#include "client/cli/command_line.h"

#include <cstdlib>

#include "gmock/gmock.h"
#include "tests/client/cli/run_cli.h"
#include "tests/client/grpc_error.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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
                                                       {"--server", "localhost:1,,localhost:2", "status"},
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

TEST_F(CommandLineTest, AServerThatAnswersUnavailableIsNotCalledUnreachable) {
  const grpc::Status full = ErrorOfServer(grpc::StatusCode::UNAVAILABLE, "the disk has no room");
  const TempDir dir;
  const std::string events = dir.Write("events.csv", "user,item\n1,a\n");
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"items", "delete", "a"}, {"import", events}}) {
    server_.FailNext(full);
    const CliRun run = Run(arguments);
    EXPECT_EQ(run.code, ExitCode::kCallFailed) << arguments[0];
    EXPECT_THAT(run.err, HasSubstr("ridgeline: UNAVAILABLE: the disk has no room\n"));
    EXPECT_THAT(run.err, Not(HasSubstr("no answer")));
  }
}

TEST_F(CommandLineTest, WhatAProxySaysOfAServerThatIsGoneIsNoAnswer) {
  server_.FailNext(grpc::Status(grpc::StatusCode::UNAVAILABLE, "502"));
  const CliRun run = Run({"items", "delete", "a"});
  EXPECT_EQ(run.code, ExitCode::kUnreachable);
  EXPECT_THAT(run.err, HasSubstr("no answer from " + server_.address() + ": 502"));
}

TEST_F(CommandLineTest, OfSeveralServersTheOneThatIsThereAnswers) {
  std::string gone;
  { gone = FakeServer().address(); }
  EXPECT_EQ(RunCli({"--server", gone + "," + server_.address(), "status"}).code, ExitCode::kOk);
  EXPECT_EQ(server_.calls(), 1);
  EXPECT_THAT(RunCli({"--server", "localhost:1,", "status"}).err,
              HasSubstr("--server: address 2 of 'localhost:1,' is empty"));
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

TEST_F(CommandLineTest, TakesTheApiKeyFromAFileOrElseFromTheEnvironment) {
  const TempDir dir;
  EXPECT_EQ(Run({"status"}).code, ExitCode::kOk);
  setenv("RIDGELINE_API_KEY", "rk_of_the_environment", 1);
  EXPECT_EQ(Run({"status"}).code, ExitCode::kOk);
  EXPECT_EQ(Run({"--api-key-file", dir.Write("key", "rk_of_the_file\n"), "status"}).code, ExitCode::kOk);
  unsetenv("RIDGELINE_API_KEY");
  EXPECT_EQ(server_.authorizations(),
            (std::vector<std::string>{"", "Bearer rk_of_the_environment", "Bearer rk_of_the_file"}));
}

TEST_F(CommandLineTest, AnApiKeyThatCannotBeReadIsWrongUsage) {
  const TempDir dir;
  for (const std::string& path : {dir.File("none"), dir.Write("empty", "")}) {
    const CliRun run = Run({"--api-key-file", path, "status"});
    EXPECT_EQ(run.code, ExitCode::kUsage);
    EXPECT_THAT(run.err, HasSubstr(path));
  }
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(CommandLineTest, CertificatesThatCannotBeReadOrUsedAreWrongUsage) {
  const TempDir dir;
  const std::string file = dir.Write("pem", "a certificate");
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{"--tls-ca", dir.File("none")},
                                             {"--tls-certificate", dir.File("none")},
                                             {"--tls-key", dir.File("none")},
                                             {"--tls-certificate", file},
                                             {"--tls-key", file}}) {
    std::vector<std::string> arguments = flags;
    arguments.push_back("status");
    EXPECT_EQ(Run(arguments).code, ExitCode::kUsage) << flags[0];
  }
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(CommandLineTest, NothingIsSentInTheClearWhenEncryptionIsAskedFor) {
  EXPECT_EQ(Run({"--tls", "--timeout", "2s", "status"}).code, ExitCode::kUnreachable);
  EXPECT_EQ(server_.calls(), 0);
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
