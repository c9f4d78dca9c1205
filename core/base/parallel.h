#ifndef RIDGELINE_CORE_BASE_PARALLEL_H_
#define RIDGELINE_CORE_BASE_PARALLEL_H_

#include <cstdint>
#include <functional>
#include <memory>

namespace ridgeline {

/// A capped set of threads for data-parallel loops, on a oneTBB arena. Thread-safe: concurrent loops share
/// the threads.
class Arena {
 public:
  /// At most `threads` threads work at once, the caller of ParallelFor among them; 0 takes one a processor.
  /// A `low_priority` arena runs each loop on as many threads of its own, at the lowest ordinary priority
  /// (nice 19), so that training yields to serving; the caller only waits and keeps its priority, and
  /// concurrent loops share nothing. Starting them costs some 50 microseconds a loop.
  explicit Arena(int threads, bool low_priority = false);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// The cap, as given or found.
  int threads() const;

  /// Calls `body(begin, end)` for consecutive blocks of at most `block` (> 0) indices that cover [0, count),
  /// in any order, on several threads, and returns when all are done. The blocks do not depend on the number
  /// of threads, so a sum kept a block and added in block order repeats bit for bit. What a block throws, for
  /// want of memory say, is thrown to the caller once no block runs any more; others may be left out then.
  void ParallelFor(int64_t count, int64_t block, const std::function<void(int64_t begin, int64_t end)>& body);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASE_PARALLEL_H_
