#include "core/interactions/append_group.h"

#include <string>

#include "core/base/status_macros.h"
#include "core/interactions/recording_time.h"
#include "core/interactions/rocksdb_status.h"
#include "core/interactions/rocksdb_store.h"

namespace ridgeline {

absl::StatusOr<AppendResult> AppendGroup::Add(absl::Span<const Interaction> interactions, absl::Time stamp) {
  AppendResult result;
  for (size_t i = 0; i < interactions.size(); ++i) {
    const Interaction& interaction = interactions[i];
    RIDGELINE_ASSIGN_OR_RETURN(const bool is_duplicate, IsDuplicate(interaction.event_id));
    if (is_duplicate) {
      ++result.duplicates;
      result.duplicate_indices.push_back(i);
      continue;
    }
    const uint64_t sequence = ++counters_.last_sequence;
    RIDGELINE_RETURN_IF_ERROR(
        FromRocksDb(batch_.Put(HistoryKey(interaction.user_id, sequence), EncodeInteraction(interaction))));
    if (!interaction.event_id.empty()) {
      RIDGELINE_RETURN_IF_ERROR(
          FromRocksDb(batch_.Put(EventKey(interaction.event_id), EncodeSequence(sequence))));
    }
    ++result.recorded;
  }
  counters_.size += result.recorded;
  if (stamp > absl::InfinitePast()) newest_stamp_ = NewestStamp(newest_stamp_, stamp);
  return result;
}

absl::Status AppendGroup::Commit() {
  if (batch_.Count() == 0) return absl::OkStatus();
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch_.Put(kCountersKey, EncodeCounters(counters_))));
  if (newest_stamp_ > absl::InfinitePast()) {
    RIDGELINE_RETURN_IF_ERROR(FromRocksDb(batch_.Put(kStampKey, EncodeTime(newest_stamp_))));
  }
  return FromRocksDb(db_->Write(DurableWrite(), &batch_));
}

absl::StatusOr<bool> AppendGroup::IsDuplicate(absl::string_view event_id) {
  if (event_id.empty()) return false;
  if (!event_ids_.insert(event_id).second) return true;
  rocksdb::PinnableSlice ignored;
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), db_->DefaultColumnFamily(), EventKey(event_id), &ignored);
  if (status.IsNotFound()) return false;
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(status));
  return true;
}

}  // namespace ridgeline
