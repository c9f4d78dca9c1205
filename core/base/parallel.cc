#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#include "core/base/thread_priority.h"
#include "oneapi/tbb/info.h"
#include "oneapi/tbb/parallel_for.h"
#include "oneapi/tbb/task_arena.h"

namespace ridgeline {
namespace {

using BlockFunction = std::function<void(int64_t block)>;

// Threads of their own for one loop, since no other work may inherit their priority. `run` is called for each
// of `blocks` blocks; it is the caller that runs what is left when the system gives no thread. What is thrown
// must not leave a thread, which would end the process: the first is kept for the caller.
void RunOnOwnThreads(int threads, int64_t blocks, const BlockFunction& run) {
  std::atomic<int64_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;  // written by the one that sets `failed`, read after all have been joined
  const auto work = [&] {
    try {
      for (int64_t block = next++; block < blocks && !failed; block = next++) {
        run(block);
        GiveWay();
      }
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  };
  const auto wanted = static_cast<size_t>(std::min<int64_t>(threads, blocks));
  std::vector<std::thread> workers;
  workers.reserve(wanted);  // may throw here, where nothing has to be joined
  try {
    while (workers.size() < wanted) {
      workers.emplace_back([&] {
        LowerThreadPriority();
        work();
      });
    }
  } catch (const std::exception&) {
    work();
  }
  for (std::thread& worker : workers) worker.join();
  if (failure != nullptr) std::rethrow_exception(failure);
}

void RunInArena(tbb::task_arena& arena, int64_t blocks, const BlockFunction& run) {
  // The library orders these threads already; the atomics say so to ThreadSanitizer, which cannot see inside
  // it.
  std::atomic<bool> started{false};
  std::atomic<int64_t> finished{0};
  started.store(true, std::memory_order_release);
  arena.execute([&] {
    tbb::parallel_for(
        int64_t{0}, blocks,
        [&](int64_t block) {
          started.load(std::memory_order_acquire);
          run(block);
          finished.fetch_add(1, std::memory_order_acq_rel);
        },
        tbb::simple_partitioner());
  });
  finished.load(std::memory_order_acquire);
}

}  // namespace

class Arena::Impl {
 public:
  Impl(int threads, bool low_priority)
      : threads_(threads > 0 ? threads : tbb::info::default_concurrency()),
        low_priority_(low_priority),
        arena_(threads_) {}

  int threads() const { return threads_; }

  void Run(int64_t blocks, const BlockFunction& run) {
    if (low_priority_) {
      RunOnOwnThreads(threads_, blocks, run);
    } else {
      RunInArena(arena_, blocks, run);
    }
  }

 private:
  const int threads_;
  const bool low_priority_;
  tbb::task_arena arena_;  // takes no threads before its first loop
};

Arena::Arena(int threads, bool low_priority) : impl_(std::make_unique<Impl>(threads, low_priority)) {}

Arena::~Arena() = default;

int Arena::threads() const {
  return impl_->threads();
}

void Arena::ParallelFor(int64_t count, int64_t block,
                        const std::function<void(int64_t begin, int64_t end)>& body) {
  if (count <= 0) return;
  impl_->Run((count + block - 1) / block, [&](int64_t index) {
    const int64_t begin = index * block;
    body(begin, std::min(begin + block, count));
  });
}

}  // namespace ridgeline
