#include "core/base/ticker.h"

#include <utility>

namespace ridgeline {

Ticker::Ticker(absl::Duration interval, std::function<void()> work)
    : interval_(interval), work_(std::move(work)), thread_([this] { Run(); }) {}

Ticker::~Ticker() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  stop_.SignalAll();
  thread_.join();
}

void Ticker::Run() {
  for (;;) {
    {
      MutexLock lock(&mutex_);
      bool elapsed = false;
      while (!stopping_ && !elapsed) elapsed = stop_.WaitWithTimeout(&mutex_, interval_);
      if (stopping_) return;
    }
    work_();
  }
}

}  // namespace ridgeline
