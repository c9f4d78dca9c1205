#include "server/work_pool.h"

#include <utility>

namespace ridgeline {

WorkPool::WorkPool(int threads, size_t max_queue) : thread_count_(threads), max_queue_(max_queue) {
  threads_.reserve(threads);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { RunWorker(); });
}

WorkPool::~WorkPool() {
  Stop();
}

bool WorkPool::TrySubmit(std::function<void()> work) {
  MutexLock lock(&mutex_);
  if (stopping_ || queue_.size() >= max_queue_) return false;
  Push(std::move(work));
  return true;
}

void WorkPool::Resubmit(std::function<void()> work) {
  MutexLock lock(&mutex_);
  Push(std::move(work));
}

void WorkPool::Push(std::function<void()> work) {
  queue_.push_back(std::move(work));
  // A busy thread looks into the queue before it sleeps; waking it costs a system call for nothing.
  if (idle_ > 0) work_added_.Signal();
}

void WorkPool::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  work_added_.SignalAll();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkPool::RunWorker() {
  for (;;) {
    std::function<void()> work;
    {
      MutexLock lock(&mutex_);
      ++idle_;
      while (queue_.empty() && !stopping_) work_added_.Wait(&mutex_);
      --idle_;
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace ridgeline
