#include "server/queue/work_pool.h"

#include <utility>

namespace ridgeline {

WorkPool::WorkPool(int threads, const AdmissionLimits& limits) : thread_count_(threads), admission_(limits) {
  threads_.reserve(threads);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { RunWorker(); });
}

WorkPool::~WorkPool() {
  Stop();
}

bool WorkPool::busy() const {
  if (admission_.waiting() > 0) return true;
  MutexLock lock(&mutex_);
  return idle_ < thread_count_;
}

bool WorkPool::TrySubmit(std::function<void()> work, size_t bytes) {
  if (!admission_.TryEnter(bytes)) return false;
  const bool submitted = SubmitAdmitted([this, bytes, work = std::move(work)] {
    admission_.Leave(bytes);
    work();
  });
  if (!submitted) admission_.Leave(bytes);
  return submitted;
}

bool WorkPool::SubmitAdmitted(std::function<void()> work) {
  MutexLock lock(&mutex_);
  if (stopping_) return false;
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
