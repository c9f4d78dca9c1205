#ifndef RIDGELINE_CORE_INTERACTIONS_ROCKSDB_STORE_H_
#define RIDGELINE_CORE_INTERACTIONS_ROCKSDB_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/interactions/store_health.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/slice.h"

namespace ridgeline {

/// What a store holds: the value under kFormatKey is "KIND VERSION", the VERSION in decimal digits.
struct StoreFormat {
  absl::string_view kind;  ///< without blanks
  uint32_t version = 1;    ///< the newest that this release reads; older ones it reads too
};

/// The key of the format record, which every store of ours has. "m" begins the keys that describe the store
/// itself.
inline constexpr char kFormatKey[] = "mformat";

/// Opens the store in `directory`, made when absent, and checks that it holds `format`. kUnavailable when
/// someone has it open or its folder cannot be read, kFailedPrecondition when a newer release wrote it,
/// kDataLoss when it is damaged, is missing files or holds something else, kPermissionDenied when the folder
/// cannot be made or written. `health` is told of the store's errors.
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenStore(
    const std::string& directory, const StoreFormat& format,
    const std::shared_ptr<StoreHealth>& health = std::make_shared<StoreHealth>());

/// Opens the store in `directory`, which somebody else has not open, for reads alone: nothing is written. The
/// errors of OpenStore.
absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenStoreForReading(const std::string& directory);

/// Writes what is in memory to a table, and be it nothing new: the manifest changes by that, and those who
/// wait within RocksDB wake up and look again. They need it: RocksDB 7.8 does not wake those that wait for
/// the end of a removal of files, DB::GetSortedWalFiles and with it Checkpoint, when there turns out to be no
/// file to remove (facebook/rocksdb#14069). The disk's error.
absl::Status FlushAnew(rocksdb::DB* db);

/// Options of a write that is on the disk when it returns.
rocksdb::WriteOptions DurableWrite();

inline rocksdb::Slice ToSlice(absl::string_view text) {
  return rocksdb::Slice(text.data(), text.size());
}
inline absl::string_view ToView(const rocksdb::Slice& slice) {
  return absl::string_view(slice.data(), slice.size());
}

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_ROCKSDB_STORE_H_
