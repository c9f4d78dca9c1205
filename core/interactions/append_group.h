#ifndef RIDGELINE_CORE_INTERACTIONS_APPEND_GROUP_H_
#define RIDGELINE_CORE_INTERACTIONS_APPEND_GROUP_H_

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "core/interactions/interaction.h"
#include "core/interactions/interaction_log.h"
#include "core/interactions/log_format.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

namespace ridgeline {

/// The appends that one synced write makes durable together: gives sequences, drops duplicates and writes all
/// or nothing. A duplicate is thus acknowledged only when the interaction it repeats is durable, be it from
/// earlier or from the same group. Only one group may be at work on a database at a time. Thread-compatible.
class AppendGroup {
 public:
  /// Continues from `counters` and `newest_stamp`, the log's last. `db` must outlive the group.
  AppendGroup(rocksdb::DB* db, const LogCounters& counters, absl::Time newest_stamp = absl::InfinitePast())
      : db_(db), counters_(counters), newest_stamp_(newest_stamp) {}

  /// Adds valid `interactions`, which must live until Commit, and the stamp of some of them, if any had one.
  /// The result holds if Commit succeeds. kDataLoss or kUnavailable when the event ids cannot be looked up;
  /// then the group must be given up.
  absl::StatusOr<AppendResult> Add(absl::Span<const Interaction> interactions,
                                   absl::Time stamp = absl::InfinitePast());

  /// Writes and syncs everything added. kUnavailable when the disk refuses: nothing may be acknowledged then,
  /// but everything may be found once the database was opened anew.
  absl::Status Commit();

  /// The log's once Commit succeeded.
  const LogCounters& counters() const { return counters_; }
  absl::Time newest_stamp() const { return newest_stamp_; }

 private:
  absl::StatusOr<bool> IsDuplicate(absl::string_view event_id);

  rocksdb::DB* const db_;
  LogCounters counters_;
  absl::Time newest_stamp_;
  rocksdb::WriteBatch batch_;
  absl::flat_hash_set<absl::string_view> event_ids_;  // of this group
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_APPEND_GROUP_H_
