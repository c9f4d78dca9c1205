#include "server/queue/work_pool.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "tests/server/queue/pool_blocker.h"

namespace ridgeline {
namespace {

TEST(WorkPool, RunsEverythingThatItTook) {
  std::atomic<int> runs{0};
  int taken = 0;
  {
    WorkPool pool(3, 1000);
    for (int i = 0; i < 500; ++i) taken += pool.TrySubmit([&runs] { ++runs; });
  }
  EXPECT_EQ(taken, 500);
  EXPECT_EQ(runs, taken);
}

TEST(WorkPool, RefusesWhatDoesNotFitTheQueue) {
  WorkPool pool(1, 2);
  PoolBlocker blocker(&pool);
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_FALSE(pool.TrySubmit([] {}));
  blocker.Release();
}

TEST(WorkPool, IsBusyWhileACallIsAnsweredOrWaits) {
  WorkPool pool(2, 2);
  while (pool.busy()) std::this_thread::yield();  // until its threads have started
  PoolBlocker blocker(&pool);
  EXPECT_TRUE(pool.busy());
  blocker.Release();
  while (pool.busy()) std::this_thread::yield();
  ASSERT_TRUE(pool.admission().TryEnter(1));
  EXPECT_TRUE(pool.busy());
  pool.admission().Leave(1);
  EXPECT_FALSE(pool.busy());
}

TEST(WorkPool, TakesWorkAgainOnceTheQueueIsShorter) {
  WorkPool pool(1, 1);
  for (int i = 0; i < 100; ++i) {
    const auto done = std::make_shared<std::promise<void>>();
    while (!pool.TrySubmit([done] { done->set_value(); })) {
    }
    done->get_future().wait();
  }
}

TEST(WorkPool, WorkThatQueuesAgainWaitsBehindTheOthersEvenWhereTheQueueIsFull) {
  std::string order;
  std::promise<void> done;
  WorkPool pool(1, 1);
  PoolBlocker blocker(&pool);
  ASSERT_TRUE(pool.TrySubmit([&] {
    ASSERT_TRUE(pool.TrySubmit([&] { order += "other "; }));
    pool.Resubmit([&] {
      order += "again";
      done.set_value();
    });
  }));
  blocker.Release();
  done.get_future().wait();
  EXPECT_EQ(order, "other again");
}

TEST(WorkPool, FinishesTheQueueBeforeItStops) {
  std::atomic<int> runs{0};
  WorkPool pool(1, 10);
  PoolBlocker blocker(&pool);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(pool.TrySubmit([&runs] { ++runs; }));
  blocker.Release();
  pool.Stop();
  EXPECT_EQ(runs, 10);
  EXPECT_FALSE(pool.TrySubmit([] {}));
  pool.Stop();
}

}  // namespace
}  // namespace ridgeline
