#include "client/cli/bench/grpc_bench_caller.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/recommendation_service.pb.h"
#include "tests/client/fake_server.h"

namespace ridgeline {
namespace {

constexpr char kRecommend[] = "/ridgeline.v1.RecommendationService/Recommend";

grpc::ByteBuffer Request(const std::string& user) {
  v1::RecommendRequest request;
  request.set_user_id(user);
  const grpc::Slice slice(request.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

class GrpcBenchCallerTest : public testing::Test {
 protected:
  GrpcBenchCaller Caller(absl::Duration timeout = absl::Seconds(30), int channels = 1) {
    return GrpcBenchCaller({{server_.address()}, channels, timeout}, {kRecommend}, &clock_);
  }

  BenchCall Now() const { return {/*rpc=*/0, clock_.Now(), clock_.Now()}; }

  SteadyBenchClock clock_;
  FakeServer server_;
};

TEST_F(GrpcBenchCallerTest, SendsTheBytesAndTellsTheEnd) {
  GrpcBenchCaller caller = Caller();
  ASSERT_TRUE(caller.Connect().ok());
  const BenchCall call = Now();
  caller.Start(call, Request("42"));
  const absl::optional<BenchEnd> end = caller.Receive();
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->code, absl::StatusCode::kOk) << end->message;
  EXPECT_EQ(end->call.due, call.due);
  EXPECT_GT(end->time, call.due);
  EXPECT_EQ(server_.Last<v1::RecommendRequest>().user_id(), "42");
}

TEST_F(GrpcBenchCallerTest, SendsTheApiKeyWithEachCall) {
  GrpcBenchCallerOptions options;
  options.addresses = {server_.address()};
  options.api_key = "rk_1";
  GrpcBenchCaller caller(options, {kRecommend}, &clock_);
  caller.Start(Now(), Request("42"));
  caller.Receive();
  EXPECT_EQ(server_.authorizations(), std::vector<std::string>{"Bearer rk_1"});
}

TEST_F(GrpcBenchCallerTest, TellsTheServersError) {
  GrpcBenchCaller caller = Caller();
  server_.FailNext(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "the queue is full"));
  caller.Start(Now(), Request("42"));
  const absl::optional<BenchEnd> end = caller.Receive();
  EXPECT_EQ(end->code, absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(end->message, "the queue is full");
}

TEST_F(GrpcBenchCallerTest, EndsACallAtItsDeadline) {
  GrpcBenchCaller caller = Caller(absl::Milliseconds(20));
  server_.Hold();
  caller.Start(Now(), Request("42"));
  EXPECT_EQ(caller.Receive()->code, absl::StatusCode::kDeadlineExceeded);
}

TEST_F(GrpcBenchCallerTest, HandsOnAllCallsBeforeItEnds) {
  GrpcBenchCaller caller = Caller(absl::Seconds(30), /*channels=*/3);
  ASSERT_TRUE(caller.Connect().ok());
  for (int i = 0; i < 10; ++i) caller.Start(Now(), Request("42"));
  caller.Close();
  int ends = 0;
  while (caller.Receive().has_value()) ++ends;
  EXPECT_EQ(ends, 10);
  EXPECT_EQ(server_.calls(), 10);
}

TEST_F(GrpcBenchCallerTest, CallsSeveralServersInTurn) {
  FakeServer other;
  GrpcBenchCaller caller({{server_.address(), other.address()}, 2, absl::Seconds(30)}, {kRecommend}, &clock_);
  ASSERT_TRUE(caller.Connect().ok());
  for (int i = 0; i < 8; ++i) caller.Start(Now(), Request("42"));
  caller.Close();
  while (caller.Receive().has_value()) {
  }
  EXPECT_EQ(server_.calls(), 4);
  EXPECT_EQ(other.calls(), 4);
}

TEST_F(GrpcBenchCallerTest, DestroyingItWaitsForItsCalls) {
  {
    GrpcBenchCaller caller = Caller();
    caller.Start(Now(), Request("42"));
  }
  EXPECT_EQ(server_.calls(), 1);
}

TEST(GrpcBenchCaller, SaysWhenThereIsNoServer) {
  const SteadyBenchClock clock;
  GrpcBenchCaller caller({{"127.0.0.1:1"}, 1, absl::Milliseconds(50)}, {kRecommend}, &clock);
  EXPECT_TRUE(absl::IsUnavailable(caller.Connect()));
}

}  // namespace
}  // namespace ridgeline
