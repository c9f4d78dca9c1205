#include "core/base/parallel.h"

#include <sched.h>

#include <atomic>

#include "oneapi/tbb/parallel_for.h"
#include "oneapi/tbb/task_arena.h"
#include "oneapi/tbb/task_scheduler_observer.h"

namespace ridgeline {
namespace {

// Moves each thread that enters an arena to the idle scheduling class and back when it leaves.
class LowPriorityObserver final : public tbb::task_scheduler_observer {
 public:
  explicit LowPriorityObserver(tbb::task_arena& arena) : tbb::task_scheduler_observer(arena) {
    observe(true);
  }
  ~LowPriorityObserver() override { observe(false); }

  void on_scheduler_entry(bool /*is_worker*/) override { SetPolicy(SCHED_IDLE); }
  void on_scheduler_exit(bool /*is_worker*/) override { SetPolicy(SCHED_OTHER); }

 private:
  // A refusal leaves the thread as it was: slower serving, never a wrong answer.
  static void SetPolicy(int policy) {
    const sched_param parameters{};
    sched_setscheduler(0, policy, &parameters);
  }
};

}  // namespace

class Arena::Impl {
 public:
  Impl(int threads, bool low_priority) : arena_(threads > 0 ? threads : tbb::task_arena::automatic) {
    arena_.initialize();
    if (low_priority) observer_ = std::make_unique<LowPriorityObserver>(arena_);
  }

  tbb::task_arena& arena() { return arena_; }

 private:
  tbb::task_arena arena_;
  std::unique_ptr<LowPriorityObserver> observer_;
};

Arena::Arena(int threads, bool low_priority) : impl_(std::make_unique<Impl>(threads, low_priority)) {}

Arena::~Arena() = default;

int Arena::threads() const {
  return impl_->arena().max_concurrency();
}

void Arena::ParallelFor(int64_t count, int64_t block,
                        const std::function<void(int64_t begin, int64_t end)>& body) {
  const int64_t blocks = (count + block - 1) / block;
  // The library orders these threads already; the atomics say so to ThreadSanitizer, which cannot see inside
  // it.
  std::atomic<bool> started{false};
  std::atomic<int64_t> finished{0};
  started.store(true, std::memory_order_release);
  impl_->arena().execute([&] {
    tbb::parallel_for(
        int64_t{0}, blocks,
        [&](int64_t index) {
          started.load(std::memory_order_acquire);
          const int64_t begin = index * block;
          body(begin, begin + block < count ? begin + block : count);
          finished.fetch_add(1, std::memory_order_acq_rel);
        },
        tbb::simple_partitioner());
  });
  finished.load(std::memory_order_acquire);
}

}  // namespace ridgeline
