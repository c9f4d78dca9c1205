#include "core/interactions/rocksdb_store.h"

#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/interactions/rocksdb_status.h"
#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlockCacheBytes = size_t{64} << 20;
constexpr size_t kWriteBufferBytes = size_t{32} << 20;

class SilentLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::Options StoreOptions() {
  rocksdb::Options options;
  options.create_if_missing = true;
  // Refuses a write-ahead log damaged anywhere but in a last, unfinished write. The default would silently
  // drop everything behind the damage, acknowledged or not.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.write_buffer_size = kWriteBufferBytes;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_bgerror_resume_count = 0;  // DurableStore opens the store anew
  // Each change of the tables begins a manifest of its own: the old one holds keys of records that are gone.
  options.max_manifest_file_size = 1;
  // RocksDB's log of what it does is off: it can hold keys, thus users' ids, and where RocksDB is built with
  // assertions, as Debian does, its second line that a disk refuses ends the process.
  options.info_log = std::make_shared<SilentLogger>();

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));  // bits a key: 1% false positives
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

absl::Status PrepareDirectory(const std::string& directory) {
  const absl::Status made = MakeDirectoriesDurably(directory);
  if (!made.ok()) return absl::PermissionDeniedError(made.message());
  if (access(directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot write in directory ", directory, ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

bool HoldsData(const fs::path& file) {
  const bool is_log =
      file.extension() == ".log" && file.stem().string().find_first_not_of("0123456789") == std::string::npos;
  return is_log || file.extension() == ".sst";
}

// Without its CURRENT file RocksDB takes a store for a new one and deletes what is there.
absl::Status CheckNotBeheaded(const std::string& directory) {
  std::error_code error;
  if (fs::exists(fs::path(directory) / "CURRENT", error)) return absl::OkStatus();
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot look for the file CURRENT in ", directory, ": ", error.message()));
  }
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (HoldsData(it->path())) {
      return absl::DataLossError(absl::StrCat(directory, " holds data but its file CURRENT is missing"));
    }
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot list ", directory, ": ", error.message()));
}

// Older releases let RocksDB write a log.
void RemoveLogs(const std::string& directory) {
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code ignored;
    if (name == "LOG" || absl::StartsWith(name, "LOG.old.")) fs::remove(it->path(), ignored);
  }
}

bool IsEmpty(rocksdb::DB* db) {
  const std::unique_ptr<rocksdb::Iterator> iterator(db->NewIterator(rocksdb::ReadOptions()));
  iterator->SeekToFirst();
  return !iterator->Valid() && iterator->status().ok();
}

absl::Status CheckFormat(absl::string_view stored, const StoreFormat& format) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(stored, absl::MaxSplits(' ', 1));
  uint32_t version = 0;
  if (parts.first != format.kind || !absl::SimpleAtoi(parts.second, &version) || version == 0) {
    return absl::DataLossError(absl::StrCat("expected '", format.kind, "', found '", stored, "'"));
  }
  if (version > format.version) {
    return absl::FailedPreconditionError(absl::StrCat("a newer release wrote ", format.kind, " version ",
                                                      version, "; this one reads up to version ",
                                                      format.version));
  }
  return absl::OkStatus();
}

absl::Status CheckOrWriteFormat(rocksdb::DB* db, const StoreFormat& format) {
  std::string stored;
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), kFormatKey, &stored);
  if (status.ok()) return CheckFormat(stored, format);
  if (!status.IsNotFound()) return FromRocksDb(status);
  if (!IsEmpty(db)) return absl::DataLossError("the format record is missing");
  return FromRocksDb(db->Put(DurableWrite(), kFormatKey, absl::StrCat(format.kind, " ", format.version)));
}

absl::Status InDirectory(const std::string& directory, const absl::Status& status) {
  return status.ok() ? status : absl::Status(status.code(), absl::StrCat(directory, ": ", status.message()));
}

}  // namespace

absl::Status FlushAnew(rocksdb::DB* db) {
  // Without something in memory there is no flush.
  std::string format;
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(db->Get(rocksdb::ReadOptions(), kFormatKey, &format)));
  rocksdb::WriteOptions in_memory;
  in_memory.disableWAL = true;
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(db->Put(in_memory, kFormatKey, format)));
  return FromRocksDb(db->Flush(rocksdb::FlushOptions()));
}

rocksdb::WriteOptions DurableWrite() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenStore(const std::string& directory,
                                                       const StoreFormat& format,
                                                       const std::shared_ptr<StoreHealth>& health) {
  RIDGELINE_RETURN_IF_ERROR(PrepareDirectory(directory));
  RIDGELINE_RETURN_IF_ERROR(CheckNotBeheaded(directory));
  rocksdb::DB* opened = nullptr;
  rocksdb::Options options = StoreOptions();
  options.listeners = {health};
  const rocksdb::Status status = rocksdb::DB::Open(options, directory, &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  RIDGELINE_RETURN_IF_ERROR(InDirectory(directory, FromRocksDb(status)));
  RIDGELINE_RETURN_IF_ERROR(InDirectory(directory, CheckOrWriteFormat(db.get(), format)));
  RemoveLogs(directory);
  return db;
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenStoreForReading(const std::string& directory) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(StoreOptions(), directory, &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  RIDGELINE_RETURN_IF_ERROR(InDirectory(directory, FromRocksDb(status)));
  return db;
}

}  // namespace ridgeline
