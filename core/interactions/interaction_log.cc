#include "core/interactions/interaction_log.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "core/base/byte_coding.h"
#include "core/base/checksum.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "core/interactions/append_group.h"
#include "core/interactions/durable_store.h"
#include "core/interactions/log_format.h"
#include "core/interactions/rocksdb_status.h"
#include "core/interactions/rocksdb_store.h"
#include "core/interactions/trace_eraser.h"
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

// The value of `key`, none where it is absent.
absl::StatusOr<absl::optional<std::string>> Find(rocksdb::DB* db, const char* key) {
  std::string value;
  const rocksdb::Status found = db->Get(rocksdb::ReadOptions(), key, &value);
  if (found.IsNotFound()) return absl::optional<std::string>();
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(found));
  return absl::optional<std::string>(std::move(value));
}

absl::StatusOr<LogCounters> ReadCounters(rocksdb::DB* db) {
  RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<std::string> value, Find(db, kCountersKey));
  return value.has_value() ? DecodeCounters(*value) : LogCounters();
}

absl::StatusOr<absl::Time> ReadNewestStamp(rocksdb::DB* db) {
  RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<std::string> value, Find(db, kStampKey));
  return value.has_value() ? DecodeStamp(*value) : absl::InfinitePast();
}

absl::StatusOr<uint64_t> ReadLastDeletion(rocksdb::DB* db) {
  RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<std::string> value, Find(db, kDeletionKey));
  if (!value.has_value()) return uint64_t{0};
  ByteReader reader(*value);
  const uint64_t sequence = reader.BigEndian64();
  if (!reader.done()) return absl::DataLossError("the last deletion of the interaction log is damaged");
  return sequence;
}

using Departures = absl::flat_hash_set<uint64_t>;

absl::StatusOr<Departures> ReadDepartures(rocksdb::DB* db) {
  const rocksdb::Slice end(kDepartureEnd);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> iterator(db->NewIterator(options));
  Departures departures;
  for (iterator->Seek(kDepartureBegin); iterator->Valid(); iterator->Next()) {
    RIDGELINE_ASSIGN_OR_RETURN(const uint64_t departed, DecodeDeparture(ToView(iterator->key())));
    departures.insert(departed);
  }
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(iterator->status()));
  return departures;
}

// What a log finds when it is opened.
struct StoredState {
  LogCounters counters;
  absl::Time newest_stamp = absl::InfinitePast();
  uint64_t last_deletion = 0;  // the log's newest sequence then
  Departures departures;
  bool erasing = false;  // traces of deleted records may be on the disk

  // Whether somebody was deleted, at some time.
  bool deleted() const { return last_deletion > 0 || !departures.empty(); }
};

absl::StatusOr<StoredState> ReadState(const DurableStore& store) {
  RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store.Enter());
  rocksdb::DB* const db = access.db();
  RIDGELINE_ASSIGN_OR_RETURN(const LogCounters counters, ReadCounters(db));
  RIDGELINE_ASSIGN_OR_RETURN(const absl::Time newest_stamp, ReadNewestStamp(db));
  RIDGELINE_ASSIGN_OR_RETURN(const uint64_t last_deletion, ReadLastDeletion(db));
  RIDGELINE_ASSIGN_OR_RETURN(Departures departures, ReadDepartures(db));
  RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<std::string> erasing, Find(db, kErasingKey));
  return StoredState{counters, newest_stamp, last_deletion, std::move(departures), erasing.has_value()};
}

// One thread at a time writes. Those that want to append meanwhile queue up, and the first of them to wake
// when the writer is done writes for all of them, with one sync.
class RocksDbInteractionLog final : public InteractionLog {
 public:
  RocksDbInteractionLog(std::unique_ptr<DurableStore> store, const StoredState& state)
      : store_(std::move(store)),
        counters_(state.counters),
        last_given_(state.counters.last_sequence),
        newest_stamp_(state.newest_stamp),
        deletions_(state.deleted() ? 1 : 0),
        last_deletion_(state.last_deletion),
        departures_(state.departures),
        eraser_(store_.get(), [this](const auto& work) { return InTurn(work); }) {
    if (state.erasing) eraser_.Add();
  }

  absl::StatusOr<AppendResult> Append(absl::Span<const Interaction> interactions, absl::Time stamp) override {
    RIDGELINE_RETURN_IF_ERROR(ValidateAll(interactions));
    WaitingAppend append{interactions, stamp};
    MutexLock lock(&mutex_);
    waiting_.push_back(&append);
    while (!append.done && writing_) writer_left_.Wait(&mutex_);
    if (!append.done) AppendAllWaiting();
    if (!append.status.ok()) return append.status;
    return append.result;
  }

  absl::StatusOr<std::vector<LoggedInteraction>> ReadUser(absl::string_view user_id, uint64_t after,
                                                          size_t limit) const override {
    RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store_->Enter());
    std::vector<LoggedInteraction> interactions;
    UserHistory history(access.db(), user_id, after);
    for (; history.Valid() && (limit == 0 || interactions.size() < limit); history.Next()) {
      RIDGELINE_ASSIGN_OR_RETURN(LoggedInteraction logged, DecodeHistory(history.key(), history.value()));
      interactions.push_back(std::move(logged));
    }
    RIDGELINE_RETURN_IF_ERROR(history.status());
    return interactions;
  }

  absl::Status Scan(uint64_t through,
                    const std::function<absl::Status(const LoggedInteraction&)>& visit) const override {
    RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store_->Enter());
    const rocksdb::Slice end(kHistoryEnd);
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &end;
    options.fill_cache = false;  // a pass over everything would push out what requests need
    const std::unique_ptr<rocksdb::Iterator> iterator(access.db()->NewIterator(options));
    for (iterator->Seek(kHistoryBegin); iterator->Valid(); iterator->Next()) {
      if (access.wanted_back()) return absl::UnavailableError("the log is being opened anew");
      RIDGELINE_ASSIGN_OR_RETURN(const LoggedInteraction logged,
                                 DecodeHistory(ToView(iterator->key()), ToView(iterator->value())));
      if (logged.sequence <= through) RIDGELINE_RETURN_IF_ERROR(visit(logged));
    }
    return FromRocksDb(iterator->status());
  }

  absl::StatusOr<int64_t> DeleteUser(absl::string_view user_id) override { return RemoveRecords(user_id); }

  bool HasDeparted(absl::string_view user_id) const override {
    MutexLock lock(&mutex_);
    return departures_.contains(Checksum64(user_id));
  }

  absl::Status ForgetDepartures(absl::Span<const uint64_t> departed) override {
    if (departed.empty()) return absl::OkStatus();
    return InTurn([&] {
      rocksdb::WriteBatch batch;
      for (const uint64_t user : departed) {
        RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Delete(DepartureKey(user))));
      }
      RIDGELINE_RETURN_IF_ERROR(store_->Write(&batch));
      MutexLock lock(&mutex_);
      for (const uint64_t user : departed) departures_.erase(user);
      return absl::OkStatus();
    });
  }

  absl::Status WaitForErasure() override { return eraser_.Wait(); }

  uint64_t pending_erasures() const override { return eraser_.pending(); }

  std::unique_ptr<ErasureHold> HoldErasures() override { return eraser_.Hold(); }

  absl::Status Checkpoint(const std::string& directory) override {
    RIDGELINE_RETURN_IF_ERROR(InTurn([] { return absl::OkStatus(); }));
    return store_->Checkpoint(directory);
  }

  Deletions deletions() const override {
    MutexLock lock(&mutex_);
    return {deletions_, last_deletion_, {departures_.begin(), departures_.end()}};
  }

  uint64_t generation() const override { return store_->generation(); }

  absl::Time newest_stamp() const override {
    MutexLock lock(&mutex_);
    return newest_stamp_;
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
    absl::Time stamp;
    AppendResult result = {};
    absl::Status status = {};
    bool done = false;
  };

  // Gives up the mutex while it writes.
  void AppendAllWaiting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    writing_ = true;
    const std::vector<WaitingAppend*> appends = std::exchange(waiting_, {});
    absl::Status status = PrepareStore();
    LogCounters counters{last_given_, counters_.size};
    absl::Time newest_stamp = newest_stamp_;
    mutex_.Unlock();
    if (status.ok()) status = Write(appends, &counters, &newest_stamp);
    mutex_.Lock();
    // A refused write may still have reached the disk: its sequences are not given again.
    last_given_ = counters.last_sequence;
    newest_stamp_ = newest_stamp;
    if (status.ok()) counters_ = counters;
    for (WaitingAppend* append : appends) {
      append->status = status;
      append->result.last_sequence = counters_.last_sequence;
      append->done = true;
    }
    LeaveWriting();
  }

  // Runs `work` when nobody else writes and the store is whole.
  absl::Status InTurn(const std::function<absl::Status()>& work) {
    MutexLock lock(&mutex_);
    while (writing_) writer_left_.Wait(&mutex_);
    writing_ = true;
    absl::Status status = PrepareStore();
    mutex_.Unlock();
    if (status.ok()) status = work();
    mutex_.Lock();
    LeaveWriting();
    return status;
  }

  // For the one who writes: opens the store anew if its disk had refused, and then takes up the state of
  // what is there, as a refused write may be. Gives up the mutex meanwhile.
  absl::Status PrepareStore() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const uint64_t known = generation_;
    mutex_.Unlock();
    const absl::Status ready = store_->Recover();
    const uint64_t generation = store_->generation();
    absl::StatusOr<StoredState> stored = StoredState();
    if (!ready.ok()) {
      stored = ready;
    } else if (generation != known) {
      stored = ReadState(*store_);
    }
    mutex_.Lock();
    if (!stored.ok() || generation == known) return stored.status();
    counters_ = stored->counters;
    last_given_ = std::max(last_given_, counters_.last_sequence);
    if (stored->deleted()) ++deletions_;
    last_deletion_ = stored->last_deletion;
    departures_ = std::move(stored->departures);
    if (stored->erasing) eraser_.Add();
    generation_ = generation;
    return absl::OkStatus();
  }

  // Continues from `*counters` and `*newest_stamp` and sets them to those after the write, be it refused or
  // not.
  absl::Status Write(absl::Span<WaitingAppend* const> appends, LogCounters* counters,
                     absl::Time* newest_stamp) {
    RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store_->Enter());
    AppendGroup group(access.db(), *counters, *newest_stamp);
    for (WaitingAppend* append : appends) {
      RIDGELINE_ASSIGN_OR_RETURN(append->result, group.Add(append->interactions, append->stamp));
    }
    *counters = group.counters();
    *newest_stamp = group.newest_stamp();
    absl::Status committed = group.Commit();
    if (!committed.ok()) store_->MarkBroken();
    return committed;
  }

  absl::StatusOr<int64_t> RemoveRecords(absl::string_view user_id) {
    MutexLock lock(&mutex_);
    while (writing_) writer_left_.Wait(&mutex_);
    writing_ = true;
    const absl::Status ready = PrepareStore();
    const LogCounters before{last_given_, counters_.size};
    mutex_.Unlock();
    absl::StatusOr<int64_t> removed =
        ready.ok() ? WriteRemoval(user_id, before) : absl::StatusOr<int64_t>(ready);
    mutex_.Lock();
    if (removed.ok()) {
      counters_.size -= *removed;
      ++deletions_;
      departures_.insert(Checksum64(user_id));
    }
    if (removed.ok() && *removed > 0) {
      last_deletion_ = before.last_sequence;
      eraser_.Add();
    }
    LeaveWriting();
    return removed;
  }

  absl::StatusOr<int64_t> WriteRemoval(absl::string_view user_id, const LogCounters& before) {
    RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store_->Enter());
    rocksdb::WriteBatch batch;
    RIDGELINE_ASSIGN_OR_RETURN(const int64_t removed, CollectRemoval(access.db(), user_id, &batch));
    RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Put(DepartureKey(Checksum64(user_id)), "")));
    if (removed > 0) {
      const LogCounters after{before.last_sequence, before.size - removed};
      RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Put(kCountersKey, EncodeCounters(after))));
      RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Put(kDeletionKey, EncodeSequence(before.last_sequence))));
      RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch.Put(kErasingKey, "")));
    }
    const absl::Status written = FromRocksDb(access.db()->Write(DurableWrite(), &batch));
    if (!written.ok()) store_->MarkBroken();
    RIDGELINE_RETURN_IF_ERROR(written);
    return removed;
  }

  // Adds the deletion of all that is known of a user to `batch`; returns how many interactions that are.
  static absl::StatusOr<int64_t> CollectRemoval(rocksdb::DB* db, absl::string_view user_id,
                                                rocksdb::WriteBatch* batch) {
    int64_t removed = 0;
    UserHistory history(db, user_id);
    for (; history.Valid(); history.Next(), ++removed) {
      RIDGELINE_ASSIGN_OR_RETURN(const LoggedInteraction logged,
                                 DecodeHistory(history.key(), history.value()));
      RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch->Delete(ToSlice(history.key()))));
      if (logged.interaction.event_id.empty()) continue;
      RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch->Delete(EventKey(logged.interaction.event_id))));
    }
    RIDGELINE_RETURN_IF_ERROR(history.status());
    return removed;
  }

  void LeaveWriting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    writing_ = false;
    writer_left_.SignalAll();
  }

  const std::unique_ptr<DurableStore> store_;
  mutable Mutex mutex_;
  CondVar writer_left_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<WaitingAppend*> waiting_ ABSL_GUARDED_BY(mutex_);
  LogCounters counters_ ABSL_GUARDED_BY(mutex_);     // of what is committed
  uint64_t last_given_ ABSL_GUARDED_BY(mutex_);      // the highest sequence, committed or not
  absl::Time newest_stamp_ ABSL_GUARDED_BY(mutex_);  // committed or not
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;  // of the store that counters_ are of
  uint64_t deletions_ ABSL_GUARDED_BY(mutex_);       // see Deletions::count
  uint64_t last_deletion_ ABSL_GUARDED_BY(mutex_);   // see Deletions::last_sequence
  Departures departures_ ABSL_GUARDED_BY(mutex_);
  TraceEraser eraser_;  // last: its thread uses the others
};

}  // namespace

absl::StatusOr<std::unique_ptr<InteractionLog>> InteractionLog::Open(const std::string& directory) {
  RIDGELINE_ASSIGN_OR_RETURN(std::unique_ptr<DurableStore> store, DurableStore::Open(directory, kLogFormat));
  RIDGELINE_ASSIGN_OR_RETURN(const StoredState state, ReadState(*store));
  return std::make_unique<RocksDbInteractionLog>(std::move(store), state);
}

absl::StatusOr<bool> MayKnowUser(const InteractionLog& log, absl::string_view user_id, uint64_t through) {
  uint64_t oldest = 0;
  if (through > 0) {
    RIDGELINE_ASSIGN_OR_RETURN(const std::vector<LoggedInteraction> first,
                               log.ReadUser(user_id, /*after=*/0, /*limit=*/1));
    if (!first.empty()) oldest = first.front().sequence;
  }
  return MayKnowUser(log, user_id, through, oldest);
}

bool MayKnowUser(const InteractionLog& log, absl::string_view user_id, uint64_t through, uint64_t oldest) {
  if (through == 0) return !log.HasDeparted(user_id);
  return oldest > 0 && oldest <= through;
}

}  // namespace ridgeline
