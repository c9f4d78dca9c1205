#ifndef RIDGELINE_TESTS_SERVER_QUEUE_POOL_BLOCKER_H_
#define RIDGELINE_TESTS_SERVER_QUEUE_POOL_BLOCKER_H_

#include <future>
#include <memory>

#include "gtest/gtest.h"
#include "server/queue/work_pool.h"

namespace ridgeline {

/// Keeps one thread of a pool busy until it is released.
class PoolBlocker {
 public:
  /// Returns once the thread is busy.
  explicit PoolBlocker(WorkPool* pool) {
    const auto started = std::make_shared<std::promise<void>>();
    const std::shared_future<void> released = release_.get_future().share();
    EXPECT_TRUE(pool->TrySubmit([started, released] {
      started->set_value();
      released.wait();
    }));
    started->get_future().wait();
  }

  void Release() { release_.set_value(); }

 private:
  std::promise<void> release_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_SERVER_QUEUE_POOL_BLOCKER_H_
