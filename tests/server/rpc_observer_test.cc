#include "server/rpc_observer.h"

#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/access/client_limiter.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

class RpcObserverTest : public testing::Test {
 protected:
  const SystemClock clock_;
  std::ostringstream log_;
  Logger logger_{LogLevel::kInfo, &clock_, std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)};
  Metrics metrics_{"1"};
  RpcObserver observer_{RpcEnvironment{&metrics_, &logger_, &clock_}, "GetItem"};
};

TEST_F(RpcObserverTest, CountsACallFromBeginToEnd) {
  observer_.Begin();
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("ridgeline_rpc_in_flight 1\n"));
  observer_.Dequeued(absl::OkStatus(), absl::Milliseconds(1));
  observer_.End(absl::OkStatus(), absl::Milliseconds(2));
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("ridgeline_rpc_in_flight 0\n"));
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("{code=\"OK\",method=\"GetItem\"} 1\n"));
}

TEST_F(RpcObserverTest, CountsWhyCallsAreDropped) {
  observer_.Dequeued(absl::DeadlineExceededError(""), absl::Milliseconds(1));
  observer_.Dequeued(absl::CancelledError(""), absl::Milliseconds(1));
  observer_.Dequeued(absl::CancelledError(""), absl::Milliseconds(1));
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("ridgeline_rpc_dropped_total{reason=\"expired\"} 1\n"));
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("ridgeline_rpc_dropped_total{reason=\"cancelled\"} 2\n"));
}

// One client beyond its allowance is no overload, and its calls say nothing of how long others take.
TEST_F(RpcObserverTest, ARefusalAtALimitOfTheClientIsCountedAsThatAlone) {
  ClientLimits limits;
  limits.calls_in_flight = 1;
  limits.calls_per_second = 1;
  const auto limiter = std::make_shared<ClientLimiter>();
  limiter->Set(limits);
  {
    const auto taken = limiter->Admit("noisy", absl::Seconds(1));
    ASSERT_TRUE(taken.ok());
    observer_.Begin();
    observer_.End(limiter->Admit("noisy", absl::Seconds(1)).status(), absl::Milliseconds(50));
  }
  observer_.Begin();
  observer_.End(limiter->Admit("noisy", absl::Seconds(1)).status(), absl::Milliseconds(50));
  const std::string text = metrics_.Serialize();
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_limited_total{client=\"noisy\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{code=\"RESOURCE_EXHAUSTED\",method=\"GetItem\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_duration_seconds_count{method=\"GetItem\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_in_flight 0\n"));
}

TEST_F(RpcObserverTest, ARefusalOfAnOverloadedServerIsNone) {
  observer_.Begin();
  observer_.End(absl::ResourceExhaustedError("too many calls wait"), absl::Milliseconds(1));
  const std::string text = metrics_.Serialize();
  EXPECT_THAT(text, HasSubstr("{code=\"RESOURCE_EXHAUSTED\",method=\"GetItem\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_duration_seconds_count{method=\"GetItem\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("ridgeline_rpc_limited_total{client=\"\"}")));
  EXPECT_FALSE(LimitedClient(absl::ResourceExhaustedError("")).has_value());
}

TEST_F(RpcObserverTest, LogsOnlyWhatTheOperatorMustLookInto) {
  observer_.End(absl::InvalidArgumentError("k: must be positive"), absl::Milliseconds(1));
  EXPECT_EQ(log_.str(), "");
  observer_.End(absl::DataLossError("a flipped bit"), absl::Milliseconds(1));
  EXPECT_THAT(log_.str(), HasSubstr("a flipped bit"));
}

}  // namespace
}  // namespace ridgeline
