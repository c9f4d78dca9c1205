#ifndef RIDGELINE_CORE_INTERACTIONS_ERASURE_HOLD_H_
#define RIDGELINE_CORE_INTERACTIONS_ERASURE_HOLD_H_

#include <functional>
#include <utility>

namespace ridgeline {

/// Says that somebody keeps the bytes of a log under other names: while it lives, no deletion counts as
/// erased that a copy made meanwhile could have missed. Immutable, thus thread-safe; must not outlive the
/// log.
class ErasureHold {
 public:
  /// `end` is called when the hold ends.
  explicit ErasureHold(std::function<void()> end) : end_(std::move(end)) {}
  ~ErasureHold() { end_(); }
  ErasureHold(const ErasureHold&) = delete;
  ErasureHold& operator=(const ErasureHold&) = delete;

 private:
  const std::function<void()> end_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_ERASURE_HOLD_H_
