#ifndef RIDGELINE_CORE_INTERACTIONS_TRACE_ERASER_H_
#define RIDGELINE_CORE_INTERACTIONS_TRACE_ERASER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "core/base/mutex.h"
#include "core/interactions/durable_store.h"
#include "core/interactions/erasure_hold.h"

namespace ridgeline {

/// Takes the bytes of deleted records off the disk, in a thread of its own: a deletion alone leaves them in
/// the write-ahead log, the tables and the manifest of RocksDB until it rewrites these some day. Each pass
/// rewrites the whole store, for any number of deletions at once; one that fails is tried again. Thread-safe.
class TraceEraser {
 public:
  /// Runs its argument when nobody else writes to the store, which is whole then, and returns its status; the
  /// error of DurableStore::Recover when it is not to be had.
  using Turn = std::function<absl::Status(const std::function<absl::Status()>&)>;

  /// `store` must outlive the eraser. Its record kErasingKey is removed once all traces are gone.
  TraceEraser(DurableStore* store, Turn turn);

  /// Gives up a pass under way: who opens the store again must Add() what is pending().
  ~TraceEraser();
  TraceEraser(const TraceEraser&) = delete;
  TraceEraser& operator=(const TraceEraser&) = delete;

  /// A deletion is in the store, and kErasingKey with it: its traces are to go. To be called in turn.
  void Add();

  /// Waits until the traces of all deletions added before the call are gone. The disk's error when the last
  /// pass for them failed, kUnavailable when readers or a hold still keep files with such traces; it is tried
  /// again then, which the next Wait waits for.
  absl::Status Wait();

  /// To be taken before the store's files get other names, and kept until these are gone. A deletion waits
  /// for the holds that were taken before the store was free of it, for later ones it does not.
  std::unique_ptr<ErasureHold> Hold();

  /// Deletions whose traces may still be on the disk.
  uint64_t pending() const;

 private:
  void Run();

  // The deletions that a pass is due for, 0 when the eraser ends.
  uint64_t NextTarget();
  absl::Status Pass(uint64_t target);
  absl::Status Rewrite();
  absl::Status RemoveMark(uint64_t target);

  // Waits until RocksDB has removed the files that are no longer part of the store, which readers can hold.
  absl::Status AwaitRemovals(const DurableStore::Access& access);

  // Waits until those who took a hold before the call have given it up.
  absl::Status AwaitHolds();
  uint64_t HoldsTaken() const;
  bool IsHeldBefore(uint64_t end) const;
  void EndHold(uint64_t number);

  // Lets all who wait know what it takes longer for; false when the eraser ends.
  bool Pause(const char* cause);

  DurableStore* const store_;
  const Turn turn_;
  std::atomic<bool> canceled_{false};  // the compaction: by the end, or by DurableStore through RocksDB
  mutable Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t added_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t erased_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t failed_ ABSL_GUARDED_BY(mutex_) =
      0;  // the deletions for which the last pass failed, 0: it did not
  absl::Status last_pass_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_hold_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<uint64_t> holds_ ABSL_GUARDED_BY(mutex_);  // by the order in which they were taken
  std::thread thread_;                                // last: it uses the others
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_TRACE_ERASER_H_
