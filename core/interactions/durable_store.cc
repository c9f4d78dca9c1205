#include "core/interactions/durable_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "core/base/descriptor.h"
#include "core/base/status_macros.h"
#include "core/base/ticker.h"
#include "core/interactions/rocksdb_status.h"
#include "rocksdb/utilities/checkpoint.h"

namespace ridgeline {
namespace {

// To open a store RocksDB must be able to write out what was in memory.
constexpr off_t kProbeBytes = off_t{48} << 20;

// A checkpoint may miss that it need not wait any more; each flush is a small table that it has no use for.
constexpr absl::Duration kWakeInterval = absl::Seconds(1);

absl::Status WriteProbe(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.ok()) return ErrnoStatus("cannot create", path);
  errno = posix_fallocate(file.get(), 0, kProbeBytes);
  if (errno != 0) return ErrnoStatus("cannot allocate", path);
  RIDGELINE_RETURN_IF_ERROR(WriteAll(file, "whether the disk takes this", path));
  return fdatasync(file.get()) == 0 ? absl::OkStatus() : ErrnoStatus("cannot sync", path);
}

// Whether the disk takes what opening the store will write: closing it before would end the reads, too.
absl::Status ProbeDisk(const std::string& directory) {
  const std::string path = absl::StrCat(directory, "/PROBE");
  const absl::Status written = WriteProbe(path);
  unlink(path.c_str());
  return written.ok() ? written : absl::UnavailableError(written.message());
}

}  // namespace

absl::StatusOr<std::unique_ptr<DurableStore>> DurableStore::Open(const std::string& directory,
                                                                 const StoreFormat& format) {
  auto health = std::make_shared<StoreHealth>();
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db, OpenStore(directory, format, health));
  return std::unique_ptr<DurableStore>(new DurableStore(directory, format, std::move(health), std::move(db)));
}

absl::StatusOr<DurableStore::Access> DurableStore::Enter() const {
  MutexLock lock(&mutex_);
  while (reopening_) changed_.Wait(&mutex_);
  if (db_ == nullptr) return absl::UnavailableError("the disk refused to open the store again");
  ++accesses_;
  return Access(this);
}

void DurableStore::Leave() const {
  MutexLock lock(&mutex_);
  if (--accesses_ == 0) changed_.SignalAll();
}

absl::Status DurableStore::Write(rocksdb::WriteBatch* batch) {
  RIDGELINE_RETURN_IF_ERROR(Recover());
  RIDGELINE_ASSIGN_OR_RETURN(const Access access, Enter());
  absl::Status written = FromRocksDb(access.db()->Write(DurableWrite(), batch));
  if (!written.ok()) MarkBroken();
  return written;
}

absl::Status DurableStore::Checkpoint(const std::string& directory) const {
  RIDGELINE_ASSIGN_OR_RETURN(const Access access, Enter());
  rocksdb::Checkpoint* made = nullptr;
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(rocksdb::Checkpoint::Create(access.db(), &made)));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // Of an error of the disk RocksDB tells the store's health.
  const Ticker waker(kWakeInterval, [&] { FlushAnew(access.db()).IgnoreError(); });
  // With what is in memory written out first: the logs that remain are few, and hold nothing that is gone.
  return FromRocksDb(checkpoint->CreateCheckpoint(directory, /*log_size_for_flush=*/0));
}

absl::Status DurableStore::Recover() {
  if (!health_->broken()) return absl::OkStatus();
  MutexLock recovering(&recover_mutex_);
  if (!health_->broken()) return absl::OkStatus();
  RIDGELINE_RETURN_IF_ERROR(ProbeDisk(directory_));
  return Reopen();
}

// RocksDB's own way back, DB::Resume, is not taken: it refuses after an EIO, appends to the write-ahead log
// that failed, and, built with assertions as Debian does, ends the process on the next error.
absl::Status DurableStore::Reopen() {
  MutexLock lock(&mutex_);
  reopening_ = true;
  // A compaction is given up: all who come would wait for its end. Nobody allows the next one, since the
  // database is closed.
  if (db_ != nullptr) db_->DisableManualCompaction();
  while (accesses_ > 0) changed_.Wait(&mutex_);
  db_.reset();
  health_->MarkWhole();
  absl::StatusOr<std::unique_ptr<rocksdb::DB>> opened = OpenStore(directory_, format_, health_);
  const absl::Status status = opened.status();
  if (status.ok()) {
    db_ = *std::move(opened);
    ++generation_;
  } else {
    health_->MarkBroken();
    db_ = OpenStoreForReading(directory_).value_or(nullptr);
  }
  reopening_ = false;
  changed_.SignalAll();
  return status.ok() ? status : absl::UnavailableError(status.message());
}

}  // namespace ridgeline
