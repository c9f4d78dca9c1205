#ifndef RIDGELINE_CORE_BASE_CANCELLATION_H_
#define RIDGELINE_CORE_BASE_CANCELLATION_H_

#include <atomic>

namespace ridgeline {

/// Asks long work to stop early. One way: once cancelled it stays so. Thread-safe.
class CancellationToken {
 public:
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_CANCELLATION_H_
