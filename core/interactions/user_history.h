#ifndef RIDGELINE_CORE_INTERACTIONS_USER_HISTORY_H_
#define RIDGELINE_CORE_INTERACTIONS_USER_HISTORY_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"
#include "rocksdb/iterator.h"

namespace ridgeline {

/// A walk over one user's history records, oldest first, as they are at the construction. Thread-compatible;
/// `db` must outlive it.
class UserHistory {
 public:
  /// Begins behind sequence `after`. An id that cannot be in the log gives an empty walk.
  UserHistory(rocksdb::DB* db, absl::string_view user_id, uint64_t after = 0);

  bool Valid() const { return iterator_->Valid(); }
  void Next() { iterator_->Next(); }

  /// The current record; valid until the walk moves.
  absl::string_view key() const;
  absl::string_view value() const;

  /// Why Valid() is false: OK at the end, kDataLoss or kUnavailable when the database could not be read.
  absl::Status status() const;

  /// The keys between which the records are: [lower, upper).
  const rocksdb::Slice& lower() const { return lower_; }
  const rocksdb::Slice& upper() const { return upper_; }

 private:
  const std::string lower_key_;
  const std::string upper_key_;
  const rocksdb::Slice lower_;
  const rocksdb::Slice upper_;
  const std::unique_ptr<rocksdb::Iterator> iterator_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_USER_HISTORY_H_
