#include "core/interactions/interaction_log.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "core/interactions/append_group.h"
#include "core/interactions/log_format.h"
#include "core/interactions/rocksdb_status.h"
#include "core/interactions/rocksdb_store.h"
#include "core/interactions/user_history.h"
#include "rocksdb/write_batch.h"

namespace ridgeline {
namespace {

absl::Status ValidateAll(absl::Span<const Interaction> interactions) {
  for (size_t i = 0; i < interactions.size(); ++i) {
    const absl::Status status = ValidateInteraction(interactions[i]);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("interactions[", i, "].", status.message()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<LogCounters> ReadCounters(rocksdb::DB* db) {
  std::string value;
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), kCountersKey, &value);
  if (status.IsNotFound()) return LogCounters();
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(status));
  return DecodeCounters(value);
}

// One thread at a time writes. Those that want to append meanwhile queue up, and the first of them to wake
// when the writer is done writes for all of them, with one sync.
class RocksDbInteractionLog final : public InteractionLog {
 public:
  RocksDbInteractionLog(std::unique_ptr<rocksdb::DB> db, const LogCounters& counters)
      : db_(std::move(db)), counters_(counters), last_given_(counters.last_sequence) {}

  absl::StatusOr<AppendResult> Append(absl::Span<const Interaction> interactions) override {
    RIDGELINE_RETURN_IF_ERROR(ValidateAll(interactions));
    WaitingAppend append{interactions};
    MutexLock lock(&mutex_);
    waiting_.push_back(&append);
    while (!append.done && writing_) writer_left_.Wait(&mutex_);
    if (!append.done) AppendAllWaiting();
    if (!append.status.ok()) return append.status;
    return append.result;
  }

  absl::StatusOr<std::vector<LoggedInteraction>> ReadUser(absl::string_view user_id, uint64_t after,
                                                          size_t limit) const override {
    std::vector<LoggedInteraction> interactions;
    UserHistory history(db_.get(), user_id, after);
    for (; history.Valid() && (limit == 0 || interactions.size() < limit); history.Next()) {
      RIDGELINE_ASSIGN_OR_RETURN(LoggedInteraction logged, DecodeHistory(history.key(), history.value()));
      interactions.push_back(std::move(logged));
    }
    RIDGELINE_RETURN_IF_ERROR(history.status());
    return interactions;
  }

  absl::StatusOr<uint64_t> LastSequenceOfUser(absl::string_view user_id) const override {
    UserHistory history(db_.get(), user_id);
    history.SeekToLast();
    if (history.Valid()) return DecodeSequence(history.key());
    RIDGELINE_RETURN_IF_ERROR(history.status());
    return 0;
  }

  absl::Status Scan(uint64_t through,
                    const std::function<absl::Status(const LoggedInteraction&)>& visit) const override {
    const rocksdb::Slice end(kHistoryEnd);
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &end;
    options.fill_cache = false;  // a pass over everything would push out what requests need
    const std::unique_ptr<rocksdb::Iterator> iterator(db_->NewIterator(options));
    for (iterator->Seek(kHistoryBegin); iterator->Valid(); iterator->Next()) {
      RIDGELINE_ASSIGN_OR_RETURN(const LoggedInteraction logged,
                                 DecodeHistory(ToView(iterator->key()), ToView(iterator->value())));
      if (logged.sequence <= through) RIDGELINE_RETURN_IF_ERROR(visit(logged));
    }
    return FromRocksDb(iterator->status());
  }

  absl::StatusOr<int64_t> DeleteUser(absl::string_view user_id) override {
    RIDGELINE_ASSIGN_OR_RETURN(const int64_t removed, RemoveRecords(user_id));
    if (removed == 0) return 0;
    // The records are gone for every reader; this takes their bytes off the disk too, which RocksDB would do
    // in its own time otherwise.
    const UserHistory history(db_.get(), user_id);
    const rocksdb::Status compacted =
        db_->CompactRange(rocksdb::CompactRangeOptions(), &history.lower(), &history.upper());
    compacted.PermitUncheckedError();
    return removed;
  }

  uint64_t last_sequence() const override {
    MutexLock lock(&mutex_);
    return counters_.last_sequence;
  }

  int64_t size() const override {
    MutexLock lock(&mutex_);
    return counters_.size;
  }

 private:
  struct WaitingAppend {
    absl::Span<const Interaction> interactions;
    AppendResult result = {};
    absl::Status status = {};
    bool done = false;
  };

  // Gives up the mutex while it writes.
  void AppendAllWaiting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    writing_ = true;
    const std::vector<WaitingAppend*> appends = std::exchange(waiting_, {});
    AppendGroup group(db_.get(), LogCounters{last_given_, counters_.size});
    mutex_.Unlock();
    const absl::Status status = Write(appends, &group);
    mutex_.Lock();
    // A refused write may still have reached the disk: its sequences are not given again.
    last_given_ = group.counters().last_sequence;
    if (status.ok()) counters_ = group.counters();
    for (WaitingAppend* append : appends) {
      append->status = status;
      append->result.last_sequence = counters_.last_sequence;
      append->done = true;
    }
    LeaveWriting();
  }

  static absl::Status Write(absl::Span<WaitingAppend* const> appends, AppendGroup* group) {
    for (WaitingAppend* append : appends) {
      RIDGELINE_ASSIGN_OR_RETURN(append->result, group->Add(append->interactions));
    }
    return group->Commit();
  }

  absl::StatusOr<int64_t> RemoveRecords(absl::string_view user_id) {
    mutex_.Lock();
    while (writing_) writer_left_.Wait(&mutex_);
    writing_ = true;
    const LogCounters before{last_given_, counters_.size};
    mutex_.Unlock();
    absl::StatusOr<int64_t> removed = WriteRemoval(user_id, before);
    MutexLock lock(&mutex_);
    if (removed.ok()) counters_.size -= *removed;
    LeaveWriting();
    return removed;
  }

  absl::StatusOr<int64_t> WriteRemoval(absl::string_view user_id, const LogCounters& before) {
    rocksdb::WriteBatch batch;
    int64_t removed = 0;
    UserHistory history(db_.get(), user_id);
    for (; history.Valid(); history.Next(), ++removed) {
      RIDGELINE_ASSIGN_OR_RETURN(const LoggedInteraction logged,
                                 DecodeHistory(history.key(), history.value()));
      RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Delete(ToSlice(history.key()))));
      if (logged.interaction.event_id.empty()) continue;
      RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Delete(EventKey(logged.interaction.event_id))));
    }
    RIDGELINE_RETURN_IF_ERROR(history.status());
    if (removed == 0) return 0;
    const LogCounters after{before.last_sequence, before.size - removed};
    RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Put(kCountersKey, EncodeCounters(after))));
    RIDGELINE_RETURN_IF_ERROR(FromRocksDb(db_->Write(DurableWrite(), &batch)));
    return removed;
  }

  void LeaveWriting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    writing_ = false;
    writer_left_.SignalAll();
  }

  const std::unique_ptr<rocksdb::DB> db_;
  mutable Mutex mutex_;
  CondVar writer_left_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<WaitingAppend*> waiting_ ABSL_GUARDED_BY(mutex_);
  LogCounters counters_ ABSL_GUARDED_BY(mutex_);  // of what is committed
  uint64_t last_given_ ABSL_GUARDED_BY(mutex_);   // the highest sequence, committed or not
};

}  // namespace

absl::StatusOr<std::unique_ptr<InteractionLog>> InteractionLog::Open(const std::string& directory) {
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db, OpenStore(directory, kLogFormat));
  RIDGELINE_ASSIGN_OR_RETURN(const LogCounters counters, ReadCounters(db.get()));
  return std::make_unique<RocksDbInteractionLog>(std::move(db), counters);
}

}  // namespace ridgeline
