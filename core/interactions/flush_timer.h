#ifndef RIDGELINE_CORE_INTERACTIONS_FLUSH_TIMER_H_
#define RIDGELINE_CORE_INTERACTIONS_FLUSH_TIMER_H_

#include <thread>

#include "absl/time/time.h"
#include "core/base/mutex.h"
#include "rocksdb/db.h"

namespace ridgeline {

/// Calls FlushAnew from time to time while it lives, for a call beside it that may wait within RocksDB
/// without being woken. Thread-compatible.
class FlushTimer {
 public:
  /// `db` must outlive the timer; the first flush comes after `interval`.
  FlushTimer(rocksdb::DB* db, absl::Duration interval);
  ~FlushTimer();
  FlushTimer(const FlushTimer&) = delete;
  FlushTimer& operator=(const FlushTimer&) = delete;

 private:
  void Run();

  rocksdb::DB* const db_;
  const absl::Duration interval_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_FLUSH_TIMER_H_
