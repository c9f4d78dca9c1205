#include "core/base/parallel.h"

#include <sys/resource.h>

#include <atomic>
#include <new>
#include <set>
#include <thread>
#include <vector>

#include "core/base/mutex.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

class EveryArena : public testing::TestWithParam<bool> {};

TEST_P(EveryArena, VisitsEachIndexOnceInBlocksOfTheGivenSize) {
  for (const int threads : {1, 2, 3, 8}) {
    Arena arena(threads, GetParam());
    for (const int64_t count : {0, 1, 7, 64, 1000}) {
      for (const int64_t block : {1, 3, 64, 5000}) {
        std::vector<std::atomic<int>> visits(static_cast<size_t>(count));
        arena.ParallelFor(count, block, [&](int64_t begin, int64_t end) {
          EXPECT_EQ(begin % block, 0);
          EXPECT_LE(end - begin, block);
          for (int64_t i = begin; i < end; ++i) ++visits[static_cast<size_t>(i)];
        });
        for (const std::atomic<int>& visit : visits) EXPECT_EQ(visit.load(), 1);
      }
    }
  }
}

TEST_P(EveryArena, RunsAtMostItsThreadsAtOnce) {
  Arena arena(2, GetParam());
  EXPECT_EQ(arena.threads(), 2);
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  arena.ParallelFor(2000, 1, [&](int64_t, int64_t) {
    const int now = ++running;
    for (int seen = most.load(); now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    --running;
  });
  EXPECT_LE(most.load(), 2);
  EXPECT_GE(most.load(), 1);
}

TEST_P(EveryArena, ConcurrentLoopsDoNotMix) {
  Arena arena(2, GetParam());
  std::vector<std::thread> callers;
  std::vector<int64_t> sums(4);
  for (size_t caller = 0; caller < sums.size(); ++caller) {
    callers.emplace_back([&, caller] {
      std::atomic<int64_t> sum{0};
      arena.ParallelFor(1000, 10, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) sum += i;
      });
      sums[caller] = sum;
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const int64_t sum : sums) EXPECT_EQ(sum, 499500);
}

TEST_P(EveryArena, PlainWritesOfTheBodyAreSeenByTheCaller) {
  Arena arena(4, GetParam());
  std::vector<int64_t> squares(5000);
  arena.ParallelFor(5000, 7, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) squares[static_cast<size_t>(i)] = i * i;
  });
  for (int64_t i = 0; i < 5000; ++i) ASSERT_EQ(squares[static_cast<size_t>(i)], i * i);
}

TEST_P(EveryArena, WhatABlockThrowsReachesTheCallerWhenNoBlockRunsAnyMore) {
  Arena arena(3, GetParam());
  std::atomic<int> running{0};
  const auto fail = [&](int64_t begin, int64_t /*end*/) {
    ++running;
    const bool throws = begin >= 7;
    --running;
    if (throws) throw std::bad_alloc();
  };
  EXPECT_THROW(arena.ParallelFor(100, 1, fail), std::bad_alloc);
  EXPECT_EQ(running.load(), 0);
  std::atomic<int> visits{0};
  arena.ParallelFor(100, 1, [&](int64_t, int64_t) { ++visits; });
  EXPECT_EQ(visits.load(), 100) << "and the arena goes on";
}

INSTANTIATE_TEST_SUITE_P(Priorities, EveryArena, testing::Bool());

TEST(Arena, ZeroThreadsMeansOneAProcessor) {
  EXPECT_GE(Arena(0).threads(), 1);
}

int OwnPriority() {
  return getpriority(PRIO_PROCESS, 0);
}

std::set<int> PrioritiesOfALoop(Arena* arena) {
  Mutex mutex;
  std::set<int> priorities;
  arena->ParallelFor(64, 1, [&](int64_t, int64_t) {
    MutexLock lock(&mutex);
    priorities.insert(OwnPriority());
  });
  return priorities;
}

TEST(Arena, LowPriorityStaysInsideItsOwnThreads) {
  const int own = OwnPriority();
  Arena low(2, /*low_priority=*/true);
  EXPECT_EQ(PrioritiesOfALoop(&low), std::set<int>{19});
  EXPECT_EQ(OwnPriority(), own);
  Arena normal(2);
  EXPECT_EQ(PrioritiesOfALoop(&normal), std::set<int>{own});
}

}  // namespace
}  // namespace ridgeline
