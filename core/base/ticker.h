#ifndef RIDGELINE_CORE_BASE_TICKER_H_
#define RIDGELINE_CORE_BASE_TICKER_H_

#include <functional>
#include <thread>

#include "absl/time/time.h"
#include "core/base/mutex.h"

namespace ridgeline {

/// A thread that does something again and again. Thread-safe.
class Ticker {
 public:
  /// Calls `work` every `interval`, above 0, from now on; the first time after one interval.
  Ticker(absl::Duration interval, std::function<void()> work);

  /// Stops.
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Run();

  const absl::Duration interval_;
  const std::function<void()> work_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_TICKER_H_
