#include "server/queue/waiting_calls.h"

#include <atomic>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/queue/pool_blocker.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;

constexpr size_t kMaxBatch = 4;

// Numbers that wait for the threads of a pool, and the batches in which they were answered.
class WaitingCallsTest : public testing::Test {
 protected:
  explicit WaitingCallsTest(int threads = 1) : pool_(threads, 50) {}
  ~WaitingCallsTest() override { pool_.Stop(); }  // while there is somewhere to wait

  void AddCalls(int calls) {
    for (int call = 0; call < calls; ++call) EXPECT_TRUE(waiting_.Add(call, 1)) << call;
  }

  std::vector<size_t> SizesAtTheEnd() {
    pool_.Stop();
    std::vector<size_t> sizes;
    for (const std::vector<int>& batch : batches_) sizes.push_back(batch.size());
    return sizes;
  }

  Mutex mutex_;
  std::vector<std::vector<int>> batches_ ABSL_GUARDED_BY(mutex_);
  WorkPool pool_;
  WaitingCalls<int> waiting_{&pool_, kMaxBatch, [this](std::vector<int> calls) {
                               if (calls.empty()) return;
                               MutexLock lock(&mutex_);
                               batches_.push_back(std::move(calls));
                             }};
};

class WaitingCallsOfTwoThreadsTest : public WaitingCallsTest {
 protected:
  WaitingCallsOfTwoThreadsTest() : WaitingCallsTest(2) {}
};

TEST_F(WaitingCallsTest, CallsAreAnsweredInTheirOrderInBatchesOfAtMostTheLimit) {
  PoolBlocker blocker(&pool_);
  AddCalls(kMaxBatch + 3);
  blocker.Release();
  EXPECT_THAT(SizesAtTheEnd(), ElementsAre(kMaxBatch, 3));
  EXPECT_THAT(batches_, ElementsAre(ElementsAre(0, 1, 2, 3), ElementsAre(4, 5, 6)));
}

TEST_F(WaitingCallsOfTwoThreadsTest, AThreadTakesNoMoreThanItsShare) {
  PoolBlocker one(&pool_);
  PoolBlocker other(&pool_);
  AddCalls(5);
  std::atomic<bool> rest_answered{false};
  ASSERT_TRUE(pool_.TrySubmit([&] { rest_answered = true; }));
  one.Release();
  while (!rest_answered) std::this_thread::yield();
  other.Release();
  EXPECT_THAT(SizesAtTheEnd(), ElementsAre(3, 1, 1));
}

TEST_F(WaitingCallsTest, WaitingCallsAndOtherWorkShareOneQueue) {
  PoolBlocker blocker(&pool_);
  AddCalls(49);
  EXPECT_TRUE(pool_.TrySubmit([] {}));
  EXPECT_FALSE(pool_.TrySubmit([] {}));
  EXPECT_FALSE(waiting_.Add(49, 1));
  blocker.Release();
}

TEST_F(WaitingCallsTest, CallsThatWereTakenLeaveTheQueue) {
  for (int i = 0; i < 200; ++i) {
    while (!waiting_.Add(i, 1)) std::this_thread::yield();  // ends only if room is made for all of them
  }
  const std::vector<size_t> sizes = SizesAtTheEnd();
  EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), size_t{0}), 200u);
}

TEST_F(WaitingCallsTest, OthersGetTheirTurnBetweenBatches) {
  PoolBlocker blocker(&pool_);
  AddCalls(2 * kMaxBatch);
  size_t answered_before = 0;
  ASSERT_TRUE(pool_.TrySubmit([&] {
    MutexLock lock(&mutex_);
    answered_before = batches_.size();
  }));
  blocker.Release();
  EXPECT_EQ(SizesAtTheEnd().size(), 2u);
  EXPECT_EQ(answered_before, 1u);
}

TEST_F(WaitingCallsTest, APoolThatHasStoppedTakesNoCalls) {
  pool_.Stop();
  EXPECT_FALSE(waiting_.Add(1, 1));
}

// Each call is a counter: whoever answers it adds one.
TEST(WaitingCalls, EachCallThatWasTakenIsAnsweredOnceWhenCallersAndTheEndOfThePoolRace) {
  constexpr int kCallers = 4;
  constexpr int kCallsEach = 500;
  WorkPool pool(3, 64);
  WaitingCalls<int*> waiting(&pool, kMaxBatch, [](const std::vector<int*>& calls) {
    for (int* answers : calls) ++*answers;
  });
  std::vector<std::vector<int>> answers(kCallers, std::vector<int>(kCallsEach));
  std::vector<int> taken(kCallers);
  std::atomic<int> begun{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      for (int& call : answers[caller]) {
        taken[caller] += waiting.Add(&call, 1);
        ++begun;
      }
    });
  }
  while (begun < kCallers * kCallsEach / 2) std::this_thread::yield();
  pool.Stop();
  for (std::thread& caller : callers) caller.join();
  int answered = 0;
  for (const std::vector<int>& of_caller : answers) {
    EXPECT_THAT(of_caller, testing::Each(testing::Le(1)));
    answered += std::accumulate(of_caller.begin(), of_caller.end(), 0);
  }
  EXPECT_EQ(answered, std::accumulate(taken.begin(), taken.end(), 0));
  EXPECT_GT(answered, 0);
}

}  // namespace
}  // namespace ridgeline
