#include "client/cli/bench/bench_report.h"

#include <sstream>

#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two kinds, 100 calls of 1 ms, one of 40 ms and a failure, in one second.
BenchResult Sample() {
  BenchResult result({"recommend", "record"}, {absl::Seconds(1), absl::Seconds(2)});
  const absl::Duration due = absl::Seconds(1);
  for (int i = 0; i < 100; ++i) result.Add({{0, due, due}, due + absl::Milliseconds(1)});
  result.Add({{1, due, due}, due + absl::Milliseconds(40)});
  result.Add({{1, due, due}, due, absl::StatusCode::kInvalidArgument, "k: \"must\" be \\ small\n"});
  return result;
}

google::protobuf::Struct ParseJson(const std::string& json) {
  google::protobuf::Struct parsed;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
  return parsed;
}

const google::protobuf::Struct& Member(const google::protobuf::Struct& object, const std::string& name) {
  return object.fields().at(name).struct_value();
}

double Number(const google::protobuf::Struct& object, const std::string& name) {
  return object.fields().at(name).number_value();
}

std::string Print(const BenchReport& report) {
  std::istringstream in;
  std::ostringstream out;
  Output output({&in, &out, &out}, /*json=*/false);
  PrintBenchReport(report, output);
  return out.str();
}

TEST(BenchJson, HasEveryFigure) {
  const BenchResult result = Sample();
  const google::protobuf::Struct json =
      ParseJson(BenchJson({/*rate=*/102.0, 0, absl::Microseconds(1020), result}));
  EXPECT_EQ(json.fields().at("loop").string_value(), "open");
  EXPECT_EQ(Number(json, "target_rate"), 102);
  EXPECT_TRUE(json.fields().at("in_flight").has_null_value());
  EXPECT_EQ(Number(json, "seconds"), 1);
  EXPECT_EQ(Number(json, "calls"), 102);
  EXPECT_EQ(Number(json, "failed"), 1);
  EXPECT_EQ(Number(json, "rate"), 102);
  EXPECT_TRUE(json.fields().at("kept_up").bool_value());
  EXPECT_EQ(Number(json, "processor_us_per_call"), 10);
  EXPECT_EQ(Number(Member(json, "latency_ms"), "max"), 40);
  EXPECT_EQ(Number(Member(json, "start_delay_ms"), "max"), 0);
  EXPECT_EQ(Number(Member(Member(json, "rpcs"), "record"), "calls"), 2);
  EXPECT_EQ(Number(Member(Member(json, "rpcs"), "record"), "failed"), 1);
  EXPECT_EQ(Number(Member(Member(Member(json, "rpcs"), "recommend"), "latency_ms"), "p50"), 1);
  const google::protobuf::Struct& failure = Member(Member(json, "failures"), "INVALID_ARGUMENT");
  EXPECT_EQ(Number(failure, "calls"), 1);
  EXPECT_EQ(failure.fields().at("message").string_value(), "k: \"must\" be \\ small\n");
}

TEST(BenchJson, OfAClosedLoopTellsItsCallers) {
  const google::protobuf::Struct json =
      ParseJson(BenchJson({std::nullopt, 64, absl::ZeroDuration(), BenchResult({"status"}, {})}));
  EXPECT_EQ(json.fields().at("loop").string_value(), "closed");
  EXPECT_EQ(Number(json, "in_flight"), 64);
  EXPECT_TRUE(json.fields().at("target_rate").has_null_value());
}

TEST(BenchReport, IsTablesAndBarsForPeople) {
  const BenchResult result = Sample();
  EXPECT_EQ(Print({std::nullopt, 64, absl::Microseconds(1020), result}),
            "closed loop, 64 in flight: 102 calls in 1s\n"
            "answered 102.0 calls a second; the generator took 10.0 us of processor time a call\n"
            "\n"
            "RPC        CALLS  FAILED  P50 ms     P90     P99   P99.9     MAX    MEAN\n"
            "recommend    100       0   1.000   1.000   1.000   1.000   1.000   1.000\n"
            "record         2       1  40.000  40.000  40.000  40.000  40.000  40.000\n"
            "all          102       1   1.000   1.000   1.000  40.000  40.000   1.386\n"
            "\n"
            "FAILED WITH       CALLS  P50 ms    MAX  FIRST MESSAGE\n"
            "INVALID_ARGUMENT      1   0.000  0.000  k: \"must\" be \\ small\n"
            "\n"
            "UP TO ms  CALLS   SHARE\n"
            "     1.5    100  99.01%  ##################################################\n"
            "       2      0   0.00%\n"
            "       3      0   0.00%\n"
            "       5      0   0.00%\n"
            "       7      0   0.00%\n"
            "      10      0   0.00%\n"
            "      15      0   0.00%\n"
            "      20      0   0.00%\n"
            "      30      0   0.00%\n"
            "      50      1   0.99%  #\n");
}

TEST(BenchReport, NotesAGeneratorThatDidNotKeepUp) {
  BenchResult result({"status"}, {absl::ZeroDuration(), absl::Seconds(1)});
  result.Add({{0, absl::ZeroDuration(), absl::Milliseconds(30)}, absl::Milliseconds(31)});
  EXPECT_THAT(Print({/*rate=*/1.0, 0, absl::ZeroDuration(), result}),
              HasSubstr("the generator did not keep up: 1% of the calls were sent more than 30.000 ms late"));
  EXPECT_THAT(Print({/*rate=*/1.0, 0, absl::ZeroDuration(), Sample()}), Not(HasSubstr("keep up")));
}

TEST(BenchReport, OfCallsThatAllFailedHasNoBars) {
  BenchResult result({"status"}, {absl::ZeroDuration(), absl::Seconds(1)});
  result.Add(
      {{0, absl::ZeroDuration(), absl::ZeroDuration()}, absl::Seconds(0.5), absl::StatusCode::kUnavailable});
  EXPECT_THAT(Print({/*rate=*/1.0, 0, absl::ZeroDuration(), result}), Not(HasSubstr("UP TO")));
}

}  // namespace
}  // namespace ridgeline
