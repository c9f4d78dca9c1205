#ifndef RIDGELINE_SERVER_QUEUE_ADMISSION_H_
#define RIDGELINE_SERVER_QUEUE_ADMISSION_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>

#include "core/base/mutex.h"

namespace ridgeline {

/// How many calls may wait, and how large their requests may be together. A plain value.
///
/// A queue takes up bursts. One that never empties is no burst: it makes every answer late and none more. So
/// once it has not been empty for `patience`, only as many calls may wait as keep the threads busy, and the
/// others are told at once (the idea of controlled delay: Nichols and Jacobson, "Controlling Queue Delay",
/// 2012).
struct AdmissionLimits {
  size_t calls = 1'024;
  size_t standing_calls = 1'024;  ///< in a queue that has not been empty for `patience`
  size_t bytes = size_t{256} << 20;
  std::chrono::nanoseconds patience = std::chrono::seconds(1);
};

/// Counts the calls that wait for a pool's threads, and says which may join them. Thread-safe.
class Admission {
 public:
  using ReadSteadyClock = std::function<std::chrono::steady_clock::time_point()>;

  explicit Admission(const AdmissionLimits& limits, ReadSteadyClock now = std::chrono::steady_clock::now)
      : limits_(limits), now_(std::move(now)) {}

  /// Lets a call with a request of `bytes` wait: true, and Leave must follow. False: it is to be refused.
  bool TryEnter(size_t bytes);

  /// A call that was let in waits no longer; `bytes` as before.
  void Leave(size_t bytes);

  /// How many calls wait.
  size_t waiting() const;

 private:
  size_t CallLimit() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const AdmissionLimits limits_;
  const ReadSteadyClock now_;
  mutable Mutex mutex_;
  size_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::chrono::steady_clock::time_point last_empty_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_QUEUE_ADMISSION_H_
