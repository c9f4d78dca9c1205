#include "core/interactions/trace_eraser.h"

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/interactions/log_format.h"
#include "core/interactions/rocksdb_status.h"
#include "core/interactions/rocksdb_store.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

// Between passes that fail, and between looks at files that readers hold.
constexpr absl::Duration kPause = absl::Seconds(1);

bool IsLog(const fs::path& file) {
  return file.extension() == ".log";
}

// The number in the name of a file that can hold records or keys, 0 for any other.
uint64_t NumberOf(const fs::path& file) {
  const std::string name = file.filename().string();
  uint64_t number = 0;
  const bool is_table_or_log = file.extension() == ".sst" || IsLog(file);
  if (is_table_or_log && absl::SimpleAtoi(file.stem().string(), &number)) return number;
  constexpr absl::string_view kManifest = "MANIFEST-";
  const bool is_manifest = name.compare(0, kManifest.size(), kManifest.data(), kManifest.size()) == 0;
  return is_manifest && absl::SimpleAtoi(name.substr(kManifest.size()), &number) ? number : 0;
}

// Whether a file that was listed has bytes: none when it was removed since.
bool HoldsBytes(const fs::path& file, std::error_code& error) {
  const uintmax_t bytes = fs::file_size(file, error);
  if (error != std::errc::no_such_file_or_directory) return !error && bytes > 0;
  error.clear();
  return false;
}

absl::Status CannotList(const std::string& directory, const std::error_code& error) {
  return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot list ", directory));
}

// The names of the store's files that can hold traces, and are not empty.
absl::StatusOr<std::vector<std::string>> FilesIn(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end;) {
    if (NumberOf(it->path()) > 0 && HoldsBytes(it->path(), error)) {
      files.push_back(it->path().filename().string());
    }
    if (!error) it.increment(error);
  }
  if (error) return CannotList(directory, error);
  return files;
}

// The number of the write-ahead log that is written to.
absl::StatusOr<uint64_t> CurrentLog(rocksdb::DB* db) {
  std::unique_ptr<rocksdb::LogFile> log;
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(db->GetCurrentWalFile(&log)));
  return log->LogNumber();
}

// The names of the tables and the manifest that the store consists of.
absl::StatusOr<std::set<std::string>> LiveFiles(rocksdb::DB* db) {
  std::vector<std::string> files;
  uint64_t manifest_bytes = 0;
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(db->GetLiveFiles(files, &manifest_bytes, /*flush_memtable=*/false)));
  std::set<std::string> names;
  for (const std::string& file : files) names.insert(fs::path(file).filename().string());
  return names;
}

absl::Status CompactAll(rocksdb::DB* db, std::atomic<bool>* canceled) {
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(db->Flush(rocksdb::FlushOptions())));
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.canceled = canceled;
  return FromRocksDb(db->CompactRange(options, nullptr, nullptr));
}

// Makes RocksDB look for files to remove now, unless somebody makes a checkpoint, who needs all of them.
absl::Status RemoveObsoleteFiles(rocksdb::DB* db) {
  RIDGELINE_RETURN_IF_ERROR(FromRocksDb(db->DisableFileDeletions()));
  return FromRocksDb(db->EnableFileDeletions(/*force=*/false));
}

// Whether one of `files` is there although the store does not consist of it, when all that was in memory is
// in tables but what came since log `first_log` was begun. RocksDB's list of logs is not asked: it has those
// that are about to go, too, and who asks can wait for ever, see FlushAnew.
absl::StatusOr<bool> HasObsoleteFile(rocksdb::DB* db, const std::vector<std::string>& files,
                                     uint64_t first_log) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::set<std::string> live, LiveFiles(db));
  for (const std::string& file : files) {
    if (IsLog(file) ? NumberOf(file) >= first_log : live.count(file) > 0) continue;
    std::error_code error;
    if (HoldsBytes(fs::path(db->GetName()) / file, error)) return true;
    if (error) return CannotList(db->GetName(), error);
  }
  return false;
}

}  // namespace

TraceEraser::TraceEraser(DurableStore* store, Turn turn)
    : store_(store), turn_(std::move(turn)), thread_([this] { Run(); }) {}

TraceEraser::~TraceEraser() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    canceled_ = true;
    changed_.SignalAll();
  }
  thread_.join();
}

void TraceEraser::Add() {
  MutexLock lock(&mutex_);
  ++added_;
  changed_.SignalAll();
}

absl::Status TraceEraser::Wait() {
  MutexLock lock(&mutex_);
  const uint64_t wanted = added_;
  while (erased_ < wanted && failed_ < wanted) changed_.Wait(&mutex_);
  if (erased_ >= wanted) return absl::OkStatus();
  failed_ = 0;  // the next Wait is for the next pass
  changed_.SignalAll();
  return last_pass_;
}

uint64_t TraceEraser::pending() const {
  MutexLock lock(&mutex_);
  return added_ - erased_;
}

void TraceEraser::Run() {
  for (uint64_t target = NextTarget(); target > 0; target = NextTarget()) {
    const absl::Status passed = Pass(target);
    MutexLock lock(&mutex_);
    if (passed.ok()) erased_ = target;
    failed_ = passed.ok() ? 0 : target;
    last_pass_ = passed;
    changed_.SignalAll();
    if (!passed.ok() && !stopping_) changed_.WaitWithTimeout(&mutex_, kPause);
  }
}

uint64_t TraceEraser::NextTarget() {
  MutexLock lock(&mutex_);
  while (!stopping_ && erased_ == added_) changed_.Wait(&mutex_);
  return stopping_ ? 0 : added_;
}

absl::Status TraceEraser::Pass(uint64_t target) {
  RIDGELINE_RETURN_IF_ERROR(turn_([] { return absl::OkStatus(); }));
  RIDGELINE_RETURN_IF_ERROR(Rewrite());
  RIDGELINE_RETURN_IF_ERROR(AwaitHolds());
  return turn_([&] { return RemoveMark(target); });
}

absl::Status TraceEraser::Rewrite() {
  RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store_->Enter());
  {
    MutexLock lock(&mutex_);
    canceled_ = stopping_;  // RocksDB leaves it set when it gave up the last one
  }
  absl::Status status = CompactAll(access.db(), &canceled_);
  // The manifest names the first and last key of each table, also of those that are gone. The next change
  // begins a new one, which names only those that are left.
  if (status.ok()) status = FlushAnew(access.db());
  if (!status.ok()) {
    store_->MarkBroken();
    return status;
  }
  return AwaitRemovals(access);
}

absl::Status TraceEraser::AwaitRemovals(const DurableStore::Access& access) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<std::string> files, FilesIn(access.db()->GetName()));
  // Others may have begun it since the flush: then the one before is waited for until it is written out, too.
  RIDGELINE_ASSIGN_OR_RETURN(const uint64_t first_log, CurrentLog(access.db()));
  while (!access.wanted_back()) {
    RIDGELINE_RETURN_IF_ERROR(RemoveObsoleteFiles(access.db()));
    RIDGELINE_ASSIGN_OR_RETURN(const bool waits, HasObsoleteFile(access.db(), files, first_log));
    if (!waits) return absl::OkStatus();
    if (!Pause("files with deleted records are read still, or the disk keeps them")) {
      return absl::CancelledError("the store is being closed");
    }
  }
  return absl::UnavailableError("the store is being opened anew");
}

absl::Status TraceEraser::AwaitHolds() {
  const uint64_t end = HoldsTaken();
  while (IsHeldBefore(end)) {
    if (!Pause("a backup under way has deleted records still")) {
      return absl::CancelledError("the store is being closed");
    }
  }
  return absl::OkStatus();
}

uint64_t TraceEraser::HoldsTaken() const {
  MutexLock lock(&mutex_);
  return next_hold_;
}

bool TraceEraser::IsHeldBefore(uint64_t end) const {
  MutexLock lock(&mutex_);
  return !holds_.empty() && *holds_.begin() < end;
}

std::unique_ptr<ErasureHold> TraceEraser::Hold() {
  MutexLock lock(&mutex_);
  const uint64_t number = next_hold_++;
  holds_.insert(number);
  return std::make_unique<ErasureHold>([this, number] { EndHold(number); });
}

void TraceEraser::EndHold(uint64_t number) {
  MutexLock lock(&mutex_);
  holds_.erase(number);
  changed_.SignalAll();
}

absl::Status TraceEraser::RemoveMark(uint64_t target) {
  {
    MutexLock lock(&mutex_);
    if (added_ != target) return absl::OkStatus();  // a deletion since then needs it
  }
  RIDGELINE_ASSIGN_OR_RETURN(const DurableStore::Access access, store_->Enter());
  absl::Status removed = FromRocksDb(access.db()->Delete(DurableWrite(), kErasingKey));
  if (!removed.ok()) store_->MarkBroken();
  return removed;
}

bool TraceEraser::Pause(const char* cause) {
  MutexLock lock(&mutex_);
  failed_ = added_;  // those that were added meanwhile wait for this pass, too
  last_pass_ = absl::UnavailableError(cause);
  changed_.SignalAll();
  if (!stopping_) changed_.WaitWithTimeout(&mutex_, kPause);
  return !stopping_;
}

}  // namespace ridgeline
