#include <algorithm>
#include <cmath>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class BenchCommandTest : public CliTest {
 protected:
  // Twenty calls that count and no others.
  CliRun Bench(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"bench", "--warm-up", "0", "--calls", "20", "--users", "u[0-9]"});
    return Run(arguments);
  }
};

TEST_F(BenchCommandTest, PrintsTablesForPeople) {
  const CliRun run = Bench({"--in-flight", "4"});
  EXPECT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_THAT(run.out, StartsWith("closed loop, 4 in flight: 20 calls in "));
  EXPECT_THAT(run.out, HasSubstr("\nrecommend     20       0"));
  EXPECT_THAT(run.out, HasSubstr("UP TO ms"));
  EXPECT_EQ(server_.calls(), 20);
}

TEST_F(BenchCommandTest, PrintsOneJsonObjectForScripts) {
  const CliRun run = Bench({"--rate", "5000", "--arrivals", "constant", "--json"});
  EXPECT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_THAT(run.out, StartsWith("{\"loop\":\"open\",\"target_rate\":5000,"));
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 1);
}

TEST_F(BenchCommandTest, SendsEveryFlag) {
  const CliRun run =
      Bench({"--in-flight", "1", "-k", "3", "--exclude", "x", "--tag-any", "t", "--channels", "2"});
  EXPECT_EQ(run.code, ExitCode::kOk) << run.err;
  const auto sent = server_.Last<v1::RecommendRequest>();
  EXPECT_THAT(sent.user_id(), StartsWith("u"));
  EXPECT_EQ(sent.k(), 3);
  EXPECT_THAT(sent.filter().exclude_item_ids(), testing::ElementsAre("x"));
  EXPECT_THAT(sent.filter().tags().any(), testing::ElementsAre("t"));
}

TEST_F(BenchCommandTest, SendsNumbersOutOfRangeForTheServerToRefuse) {
  Bench({"--in-flight", "1", "-k", "2147483647"});
  EXPECT_EQ(server_.Last<v1::RecommendRequest>().k(), 2147483647);
  Bench({"--in-flight", "1", "--mix", "vector", "--vector", "nan,1"});
  EXPECT_TRUE(std::isnan(server_.Last<v1::RecommendRequest>().vector().factors(0)));
}

// Answers come only after all calls have been sent: an open loop does not wait for them.
TEST_F(BenchCommandTest, AnOpenLoopSendsWhileTheServerStalls) {
  server_.Hold();
  std::thread watcher([&] {
    while (server_.calls() < 20) std::this_thread::yield();
    server_.Release();
  });
  const CliRun run = Bench({"--rate", "1000", "--timeout", "1m"});
  watcher.join();
  EXPECT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_EQ(server_.calls(), 20);
}

TEST_F(BenchCommandTest, CountsErrorsByCode) {
  for (int i = 0; i < 3; ++i) server_.FailNext(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "busy"));
  const CliRun run = Bench({"--in-flight", "1"});
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_THAT(run.out, HasSubstr("\nRESOURCE_EXHAUSTED      3  "));
}

TEST_F(BenchCommandTest, FailsWhenEveryCallFails) {
  for (int i = 0; i < 20; ++i)
    server_.FailNext(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "k: too much"));
  const CliRun run = Bench({"--in-flight", "1"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr("every call failed: k: too much"));
}

TEST(BenchCommand, SaysWhenNoServerAnswers) {
  const CliRun run = RunCli(
      {"--server", "127.0.0.1:1", "--timeout", "50ms", "bench", "--in-flight", "1", "--mix", "status"});
  EXPECT_EQ(run.code, ExitCode::kUnreachable);
}

TEST(BenchCommand, RefusesWrongFlagsBeforeItConnects) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "give either --rate (open loop) or --in-flight (closed loop)"},
      {{"--rate", "1", "--in-flight", "1"}, "give either --rate (open loop) or --in-flight (closed loop)"},
      {{"--rate", "0"}, "--rate: must be a finite number above 0, got 0"},
      {{"--rate", "inf"}, "--rate: must be a finite number above 0, got inf"},
      {{"--rate", "nan"}, "--rate: must be a finite number above 0, got nan"},
      {{"--in-flight", "0"}, "--in-flight"},
      {{"--in-flight", "1"}, "--users: needed by recommend in --mix"},
      {{"--in-flight", "1", "--mix", "similar"}, "--items: needed by similar in --mix"},
      {{"--in-flight", "1", "--mix", "foo"}, "--mix: there is no 'foo'"},
      {{"--in-flight", "1", "--users", "u[9-1]"}, "--users: not a range of ids such as u[0-999]: 'u[9-1]'"},
      {{"--in-flight", "1", "--users", ""}, "--users: there is no id in ''"},
      {{"--in-flight", "1", "--users", "a", "--users-zipf", "-1"}, "--users-zipf"},
      {{"--in-flight", "1", "--mix", "vector", "--vector", "x"}, "--vector: not a number: x"},
      {{"--rate", "1", "--arrivals", "late"}, "--arrivals"},
      {{"--rate", "1", "--duration", "0"}, "--duration: not a positive time: 0"},
      {{"--rate", "1", "--warm-up", "soon"}, "--warm-up: not a time: soon"},
      {{"--rate", "1", "--calls", "0"}, "--calls"},
      {{"--rate", "1", "--channels", "0"}, "--channels"},
  };
  for (const auto& [flags, message] : cases) {
    std::vector<std::string> arguments = {"--server", "127.0.0.1:1", "bench"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const CliRun run = RunCli(arguments);
    EXPECT_EQ(run.code, ExitCode::kUsage) << message;
    EXPECT_THAT(run.err, HasSubstr(message));
  }
}

TEST(BenchCommand, SaysWhichFileCannotBeRead) {
  const CliRun run = RunCli({"bench", "--in-flight", "1", "--users", "@/no/such/file"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr("--users: /no/such/file: cannot be read"));
}

}  // namespace
}  // namespace ridgeline
