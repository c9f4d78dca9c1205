#ifndef RIDGELINE_SERVER_QUEUE_WORK_POOL_H_
#define RIDGELINE_SERVER_QUEUE_WORK_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "core/base/mutex.h"
#include "server/queue/admission.h"

namespace ridgeline {

/// Threads that answer calls, with a queue before them that Admission bounds: under overload a call is
/// refused at once instead of waiting longer than its caller does. Thread-safe.
class WorkPool {
 public:
  /// Starts `threads` >= 1 threads.
  WorkPool(int threads, const AdmissionLimits& limits);

  /// The same where at most `max_queue` calls wait, for however long.
  WorkPool(int threads, size_t max_queue)
      : WorkPool(threads, AdmissionLimits{.calls = max_queue, .standing_calls = max_queue}) {}

  /// Stops.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  int threads() const { return thread_count_; }

  /// Whether a call waits or is being answered.
  bool busy() const;

  /// For those who keep calls of their own that wait for this pool's threads.
  Admission& admission() { return admission_; }

  /// Queues `work` for a call with a request of `bytes` and returns true; false, and `work` is dropped, when
  /// the call is not admitted or the pool has stopped.
  bool TrySubmit(std::function<void()> work, size_t bytes = 0);

  /// Queues `work` that answers calls admitted elsewhere, however long the queue is; false when the pool has
  /// stopped.
  bool SubmitAdmitted(std::function<void()> work);

  /// The same for work that takes its place in the queue again instead of going on, so that others get their
  /// turn; it is finished before the pool stops. To be called by the pool's threads only.
  void Resubmit(std::function<void()> work);

  /// Finishes what is queued and joins the threads. Idempotent, but not to be called by two threads at once.
  void Stop();

 private:
  void RunWorker();
  void Push(std::function<void()> work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int thread_count_;
  Admission admission_;
  mutable Mutex mutex_;
  CondVar work_added_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  int idle_ ABSL_GUARDED_BY(mutex_) = 0;  // threads
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_QUEUE_WORK_POOL_H_
