#ifndef RIDGELINE_TESTS_CLIENT_MANUAL_RETRY_CLOCK_H_
#define RIDGELINE_TESTS_CLIENT_MANUAL_RETRY_CLOCK_H_

#include <vector>

#include "client/retrier.h"
#include "core/base/mutex.h"

namespace ridgeline {

/// A clock whose time passes only in Sleep, which returns at once and remembers the pause. Thread-safe.
class ManualRetryClock final : public RetryClock {
 public:
  absl::Time Now() const override {
    MutexLock lock(&mutex_);
    return now_;
  }

  void Sleep(absl::Duration pause) override {
    MutexLock lock(&mutex_);
    now_ += pause;
    pauses_.push_back(pause);
  }

  std::vector<absl::Duration> pauses() const {
    MutexLock lock(&mutex_);
    return pauses_;
  }

 private:
  mutable Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::FromUnixSeconds(1000);
  std::vector<absl::Duration> pauses_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CLIENT_MANUAL_RETRY_CLOCK_H_
