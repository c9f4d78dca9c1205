#ifndef RIDGELINE_SERVER_WORK_POOL_H_
#define RIDGELINE_SERVER_WORK_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "core/base/mutex.h"

namespace ridgeline {

/// Threads that answer calls, with a bounded queue before them: under overload a call is refused at once
/// instead of waiting longer than its caller does. Thread-safe.
class WorkPool {
 public:
  /// Starts `threads` >= 1 threads; at most `max_queue` pieces of work wait.
  WorkPool(int threads, size_t max_queue);

  /// Stops.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  int threads() const { return thread_count_; }
  size_t max_queue() const { return max_queue_; }

  /// Queues `work` and returns true; false, and `work` is dropped, when the queue is full or the pool has
  /// stopped.
  bool TrySubmit(std::function<void()> work);

  /// Queues `work`, however long the queue is: for work of the pool's own that takes its place in the queue
  /// again instead of going on, so that others get their turn. To be called by the pool's threads only.
  void Resubmit(std::function<void()> work);

  /// Finishes what is queued and joins the threads. Idempotent, but not to be called by two threads at once.
  void Stop();

 private:
  void RunWorker();
  void Push(std::function<void()> work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int thread_count_;
  const size_t max_queue_;
  Mutex mutex_;
  CondVar work_added_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  int idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_WORK_POOL_H_
