#ifndef RIDGELINE_CORE_INTERACTIONS_ROCKSDB_STATUS_H_
#define RIDGELINE_CORE_INTERACTIONS_ROCKSDB_STATUS_H_

#include "absl/status/status.h"
#include "rocksdb/status.h"

namespace ridgeline {

/// The one place that turns a RocksDB status into ours: damage is kDataLoss, a disk that refuses or a lock
/// that is held is kUnavailable, what a newer release wrote is kFailedPrecondition.
absl::Status FromRocksDb(const rocksdb::Status& status);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_INTERACTIONS_ROCKSDB_STATUS_H_
