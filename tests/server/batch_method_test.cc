#include "server/batch_method.h"

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/queue/pool_blocker.h"
#include "tests/server/recommend_calls.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Ends every call with an empty answer and remembers how many came together.
class CountingHandler final : public BatchHandler {
 public:
  void Answer(absl::Span<UnaryCall* const> calls) override {
    {
      MutexLock lock(&mutex_);
      batches_.push_back(calls.size());
    }
    for (UnaryCall* call : calls) {
      call->End(SerializeMessage(v1::RecommendResponse(), call->response()));
    }
  }

  std::vector<size_t> batches() const {
    MutexLock lock(&mutex_);
    return batches_;
  }

 private:
  mutable Mutex mutex_;
  std::vector<size_t> batches_ ABSL_GUARDED_BY(mutex_);
};

class BatchMethodTest : public testing::Test {
 protected:
  void StartCalls(int calls) {
    for (int i = 0; i < calls; ++i) calls_.Start(v1::RecommendRequest());
  }

  void FinishCalls() {
    for (const RecommendCalls::Answer& answer : calls_.Finish()) EXPECT_TRUE(answer.status.ok());
  }

  ManualClock clock_{absl::Now()};
  Logger logger_{LogLevel::kError, &clock_};
  Metrics metrics_{"1"};
  CountingHandler handler_;
  WorkPool pool_{1, 50};
  BatchMethod method_{RpcEnvironment{&metrics_, &logger_, &clock_}, "Recommend", &pool_, &handler_};
  RecommendCalls calls_{&method_};
};

TEST_F(BatchMethodTest, ACallThatFindsAnIdleThreadIsAnsweredAlone) {
  StartCalls(1);
  FinishCalls();
  EXPECT_THAT(handler_.batches(), ElementsAre(1));
}

TEST_F(BatchMethodTest, CallsThatWaitAreAnsweredTogether) {
  PoolBlocker blocker(&pool_);
  StartCalls(5);
  blocker.Release();
  FinishCalls();
  EXPECT_THAT(handler_.batches(), ElementsAre(5));
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("ridgeline_recommend_batch_size_sum 5\n"));
}

TEST_F(BatchMethodTest, AnExpiredCallIsDroppedFromItsBatch) {
  PoolBlocker blocker(&pool_);
  StartCalls(2);
  calls_.Start("", absl::Now() + absl::Hours(1));
  StartCalls(1);
  clock_.Advance(absl::Hours(2));  // for the server; the client still waits
  blocker.Release();
  const auto answers = calls_.Finish();
  EXPECT_EQ(answers[2].status.error_code(), grpc::DEADLINE_EXCEEDED);
  for (const int alive : {0, 1, 3}) EXPECT_TRUE(answers[alive].status.ok());
  EXPECT_THAT(handler_.batches(), ElementsAre(3));
  EXPECT_THAT(metrics_.Serialize(), HasSubstr("ridgeline_rpc_dropped_total{reason=\"expired\"} 1\n"));
}

TEST_F(BatchMethodTest, ALargeRequestIsAnsweredAlone) {
  PoolBlocker blocker(&pool_);
  StartCalls(2);
  v1::RecommendRequest large;
  large.set_user_id(std::string(BatchMethod::kMaxBatchedBytes, 'u'));
  calls_.Start(large);
  StartCalls(1);
  blocker.Release();
  FinishCalls();
  EXPECT_THAT(handler_.batches(), ElementsAre(3, 1));
}

TEST_F(BatchMethodTest, RefusesWhatTheQueueDoesNotHold) {
  PoolBlocker blocker(&pool_);
  StartCalls(51);
  blocker.Release();
  const auto answers = calls_.Finish();
  EXPECT_EQ(answers[50].status.error_code(), grpc::RESOURCE_EXHAUSTED);
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(answers[i].status.ok());
}

}  // namespace
}  // namespace ridgeline
