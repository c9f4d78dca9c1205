#include "core/base/thread_priority.h"

#include <sys/resource.h>

#include <cstdint>
#include <ctime>
#include <thread>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

int PriorityOfThisThread() {
  return getpriority(PRIO_PROCESS, 0);
}

// Processor time of the calling thread.
int64_t ThreadMicroseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * int64_t{1'000'000} + time.tv_nsec / 1'000;
}

TEST(ThreadPriority, LowersTheCallersAndThatOfThreadsItStartsAndNoOthers) {
  const int before = PriorityOfThisThread();
  int lowered = 0, inherited = 0;
  std::thread([&] {
    LowerThreadPriority();
    lowered = PriorityOfThisThread();
    std::thread([&] { inherited = PriorityOfThisThread(); }).join();
  }).join();
  EXPECT_EQ(lowered, 19);
  EXPECT_EQ(inherited, 19);
  EXPECT_EQ(PriorityOfThisThread(), before);
}

// How often GiveWay gives way in some 5 milliseconds of a thread's own time, and how often it was asked.
struct Yields {
  int given = 0;
  int asked = 0;
};

Yields YieldsOf(void (*prepare)()) {
  Yields yields;
  std::thread([&] {
    prepare();
    const int64_t begin = ThreadMicroseconds();
    while (ThreadMicroseconds() - begin < 5'000) {
      yields.given += GiveWay();
      ++yields.asked;
    }
  }).join();
  return yields;
}

TEST(GiveWay, OfLowPriorityGivesWayNowAndThenAndNotWithEachCall) {
  const Yields yields = YieldsOf(LowerThreadPriority);
  EXPECT_GE(yields.given, 2);
  EXPECT_LT(yields.given, yields.asked / 2);
}

TEST(GiveWay, OfAnyOtherPriorityGoesOn) {
  const Yields yields = YieldsOf([] {});
  EXPECT_EQ(yields.given, 0);
  EXPECT_GT(yields.asked, 0);
}

}  // namespace
}  // namespace ridgeline
