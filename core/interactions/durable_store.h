#ifndef RIDGELINE_CORE_INTERACTIONS_DURABLE_STORE_H_
#define RIDGELINE_CORE_INTERACTIONS_DURABLE_STORE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/mutex.h"
#include "core/interactions/rocksdb_store.h"
#include "core/interactions/store_health.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

namespace ridgeline {

/// A RocksDB store that outlives errors of its disk. Once RocksDB met one it takes no more writes; reads go
/// on. The next write then looks whether the disk works again, and if so closes the database and opens it
/// anew, as a restart of the process would. Thread-safe.
///
/// After that a write that had been refused may be there in whole: the disk can have taken what it did not
/// acknowledge. Who keeps a copy of what is stored must look again when generation() has changed.
class DurableStore {
 public:
  /// Opens the store. Errors as OpenStore.
  static absl::StatusOr<std::unique_ptr<DurableStore>> Open(const std::string& directory,
                                                            const StoreFormat& format);

  ~DurableStore() = default;
  DurableStore(const DurableStore&) = delete;
  DurableStore& operator=(const DurableStore&) = delete;

  /// Keeps the database open while it lives: nothing that waits for another thread's write may be done with
  /// it. Thread-compatible.
  class Access {
   public:
    explicit Access(const DurableStore* store) : store_(store) {}
    ~Access() {
      if (store_ != nullptr) store_->Leave();
    }
    Access(Access&& other) noexcept : store_(std::exchange(other.store_, nullptr)) {}
    Access& operator=(Access&&) = delete;

    rocksdb::DB* db() const { return store_->db_.get(); }

    /// Whether somebody waits to open the database anew: a long read should end. A CompactRange ends by
    /// itself then, as incomplete.
    bool wanted_back() const { return store_->reopening_.load(); }

   private:
    const DurableStore* store_;
  };

  /// For reads, and for writes after Recover. kUnavailable while the database could not be opened anew.
  absl::StatusOr<Access> Enter() const;

  /// Writes `batch` and syncs it, after Recover. kUnavailable when the disk refuses.
  absl::Status Write(rocksdb::WriteBatch* batch);

  /// Opens the database anew if it met an error; OK at once otherwise. kUnavailable while the disk refuses.
  /// Not to be called with an Access.
  absl::Status Recover();

  /// To be called when a write under an Access was refused.
  void MarkBroken() { health_->MarkBroken(); }

  /// Makes `directory`, absent so far, a store of its own with all that is acknowledged: tables are linked,
  /// so that it costs little time and room, and must be on the same disk for that. To be called after
  /// Recover; the disk's error when it refuses, and then nothing is left of it.
  absl::Status Checkpoint(const std::string& directory) const;

  /// How often the database was opened anew.
  uint64_t generation() const { return generation_.load(); }

 private:
  DurableStore(std::string directory, const StoreFormat& format, std::shared_ptr<StoreHealth> health,
               std::unique_ptr<rocksdb::DB> db)
      : directory_(std::move(directory)), format_(format), health_(std::move(health)), db_(std::move(db)) {}

  void Leave() const;
  absl::Status Reopen();

  const std::string directory_;
  const StoreFormat format_;
  const std::shared_ptr<StoreHealth> health_;         // outlives db_
  Mutex recover_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);  // held by the one who opens anew
  mutable Mutex mutex_;
  mutable CondVar changed_;
  mutable int accesses_ ABSL_GUARDED_BY(mutex_) = 0;
  std::atomic<bool> reopening_{false};  // changes under mutex_
  std::atomic<uint64_t> generation_{0};
  std::unique_ptr<rocksdb::DB> db_;  // changes under mutex_ while there is no access
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_DURABLE_STORE_H_
