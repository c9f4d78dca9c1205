#include "core/interactions/user_history.h"

#include "core/interactions/log_format.h"
#include "core/interactions/rocksdb_status.h"
#include "core/interactions/rocksdb_store.h"

namespace ridgeline {
namespace {

// Sequences stay below the largest number, so as an upper bound it excludes none. The bound itself as lower
// one gives an empty range, which is right for `after` = UINT64_MAX and for ids too long for the log.
std::string LowerKey(absl::string_view user_id, uint64_t after) {
  const bool is_empty = after == UINT64_MAX || user_id.size() > kMaxIdBytes;
  return HistoryKey(user_id, is_empty ? UINT64_MAX : after + 1);
}

std::unique_ptr<rocksdb::Iterator> MakeIterator(rocksdb::DB* db, const rocksdb::Slice* lower,
                                                const rocksdb::Slice* upper) {
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = lower;
  options.iterate_upper_bound = upper;
  std::unique_ptr<rocksdb::Iterator> iterator(db->NewIterator(options));
  iterator->SeekToFirst();
  return iterator;
}

}  // namespace

UserHistory::UserHistory(rocksdb::DB* db, absl::string_view user_id, uint64_t after)
    : lower_key_(LowerKey(user_id, after)),
      upper_key_(HistoryKey(user_id, UINT64_MAX)),
      lower_(lower_key_),
      upper_(upper_key_),
      iterator_(MakeIterator(db, &lower_, &upper_)) {}

absl::string_view UserHistory::key() const {
  return ToView(iterator_->key());
}

absl::string_view UserHistory::value() const {
  return ToView(iterator_->value());
}

absl::Status UserHistory::status() const {
  return FromRocksDb(iterator_->status());
}

}  // namespace ridgeline
