#include "core/interactions/flush_timer.h"

#include "absl/status/status.h"
#include "core/interactions/rocksdb_store.h"

namespace ridgeline {

FlushTimer::FlushTimer(rocksdb::DB* db, absl::Duration interval)
    : db_(db), interval_(interval), thread_([this] { Run(); }) {}

FlushTimer::~FlushTimer() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.SignalAll();
  }
  thread_.join();
}

void FlushTimer::Run() {
  MutexLock lock(&mutex_);
  while (!stopping_) {
    if (!changed_.WaitWithTimeout(&mutex_, interval_)) continue;
    mutex_.Unlock();
    // An error of the disk the store's health is told of by RocksDB.
    FlushAnew(db_).IgnoreError();
    mutex_.Lock();
  }
}

}  // namespace ridgeline
