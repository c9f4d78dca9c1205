#ifndef RIDGELINE_SERVER_QUEUE_WAITING_CALLS_H_
#define RIDGELINE_SERVER_QUEUE_WAITING_CALLS_H_

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "core/base/mutex.h"
#include "server/queue/work_pool.h"

namespace ridgeline {

/// Calls that wait for a pool's threads and are answered several at a time. The thread that takes a call
/// takes those that wait behind it too, its fair share of them: no thread idles because another has all the
/// calls. Nobody waits for a batch to fill, so an idle pool answers each call alone and at once. Thread-safe;
/// must outlive its calls. `Call` is a cheap value, such as a pointer.
template <typename Call>
class WaitingCalls {
 public:
  using Answer = std::function<void(std::vector<Call> calls)>;

  /// `answer` is called by the pool's threads with 1 to `max_batch` calls, or with none when others were
  /// faster. `pool` must outlive the object.
  WaitingCalls(WorkPool* pool, size_t max_batch, Answer answer)
      : pool_(pool), max_batch_(max_batch), answer_(std::move(answer)) {}

  /// Lets `call`, with a request of `bytes`, wait for its answer; false when the pool admits no more calls,
  /// or has stopped.
  bool Add(Call call, size_t bytes) {
    if (!pool_->admission().TryEnter(bytes)) return false;
    MutexLock lock(&mutex_);
    if (visits_ < pool_->threads() && pool_->SubmitAdmitted([this] { Visit(); })) ++visits_;
    if (visits_ == 0) {
      pool_->admission().Leave(bytes);
      return false;
    }
    waiting_.push_back({std::move(call), bytes});
    return true;
  }

 private:
  struct Waiting {
    Call call;
    size_t bytes;
  };

  // Answers a share of the waiting calls.
  void Visit() { answer_(Take()); }

  // The calls for a visit to answer. Sees to it that the rest is visited.
  std::vector<Call> Take() {
    MutexLock lock(&mutex_);
    --visits_;
    std::vector<Call> calls;
    for (size_t left = Share(); left > 0; --left) {
      pool_->admission().Leave(waiting_.front().bytes);
      calls.push_back(std::move(waiting_.front().call));
      waiting_.pop_front();
    }
    if (!waiting_.empty() && visits_ == 0) {
      pool_->Resubmit([this] { Visit(); });
      ++visits_;
    }
    return calls;
  }

  size_t Share() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto threads = static_cast<size_t>(pool_->threads());
    return std::min((waiting_.size() + threads - 1) / threads, max_batch_);
  }

  WorkPool* const pool_;
  const size_t max_batch_;
  const Answer answer_;

  // While calls wait, visits to them stand in the pool's queue: at least one, at most one a thread. One for
  // each call would fill that queue with visits to calls that batches took long ago.
  Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  int visits_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_QUEUE_WAITING_CALLS_H_
