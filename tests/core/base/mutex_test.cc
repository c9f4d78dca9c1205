#include "core/base/mutex.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(Mutex, KeepsThreadsApart) {
  Mutex mutex;
  int64_t count = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10000; ++n) {
        MutexLock lock(&mutex);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 40000);
}

TEST(CondVar, WakesTheWaiterWithTheMutexHeld) {
  Mutex mutex;
  CondVar changed;
  bool ready = false;
  std::thread waker([&] {
    MutexLock lock(&mutex);
    ready = true;
    changed.SignalAll();
  });
  {
    MutexLock lock(&mutex);
    while (!ready) changed.Wait(&mutex);
    EXPECT_TRUE(ready);
  }
  waker.join();
}

TEST(CondVar, AWaitWithoutSignalTimesOut) {
  Mutex mutex;
  CondVar never;
  MutexLock lock(&mutex);
  while (!never.WaitWithTimeout(&mutex, absl::Microseconds(10))) {
  }
  EXPECT_TRUE(never.WaitWithTimeout(&mutex, -absl::InfiniteDuration()));
}

TEST(CondVar, AnInfiniteTimeoutWaitsForTheSignal) {
  Mutex mutex;
  CondVar changed;
  bool ready = false;
  bool timed_out = false;
  std::thread waiter([&] {
    MutexLock lock(&mutex);
    while (!ready && !timed_out) timed_out = changed.WaitWithTimeout(&mutex, absl::InfiniteDuration());
  });
  {
    MutexLock lock(&mutex);
    ready = true;
    changed.Signal();
  }
  waiter.join();
  EXPECT_FALSE(timed_out);
}

}  // namespace
}  // namespace ridgeline
