#include "server/work_pool.h"

#include <atomic>
#include <future>

#include "gtest/gtest.h"

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
  std::promise<void> started;
  std::promise<void> release;
  ASSERT_TRUE(pool.TrySubmit([&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_TRUE(pool.TrySubmit([] {}));
  EXPECT_FALSE(pool.TrySubmit([] {}));
  release.set_value();
}

TEST(WorkPool, TakesWorkAgainOnceTheQueueIsShorter) {
  WorkPool pool(1, 1);
  for (int i = 0; i < 100; ++i) {
    std::promise<void> done;
    while (!pool.TrySubmit([&done] { done.set_value(); })) {
    }
    done.get_future().wait();
  }
}

TEST(WorkPool, FinishesTheQueueBeforeItStops) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<int> runs{0};
  WorkPool pool(2, 10);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(pool.TrySubmit([&runs, released] {
      released.wait();
      ++runs;
    }));
  }
  release.set_value();
  pool.Stop();
  EXPECT_EQ(runs, 10);
  EXPECT_FALSE(pool.TrySubmit([] {}));
  pool.Stop();
}

}  // namespace
}  // namespace ridgeline
