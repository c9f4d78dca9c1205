#include "core/interactions/trace_eraser.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "core/interactions/log_format.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "rocksdb/table_properties.h"
#include "tests/support/byte_search.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr char kSecret[] = "a-user-nobody-may-find";
constexpr char kRead[] = "files with deleted records are read still, or the disk keeps them";
constexpr char kHeld[] = "a backup under way has deleted records still";
constexpr auto kCompactions = rocksdb::Env::Priority::LOW;

// Occupies RocksDB's threads for compactions while it lives, so that compactions wait.
class BusyThreads {
 public:
  BusyThreads() {
    for (int i = 0; i < threads_; ++i) env_->Schedule(&BusyThreads::Occupy, this, kCompactions);
    while (entered_ < threads_) std::this_thread::yield();
  }
  ~BusyThreads() {
    release_.set_value();
    while (left_ < threads_) std::this_thread::yield();
  }

  void AwaitCompaction() const {
    while (env_->GetThreadPoolQueueLen(kCompactions) == 0) std::this_thread::yield();
  }

 private:
  static void Occupy(void* self) {
    auto* busy = static_cast<BusyThreads*>(self);
    const std::shared_future<void> released = busy->released_;
    ++busy->entered_;
    released.wait();
    ++busy->left_;
  }

  rocksdb::Env* const env_ = rocksdb::Env::Default();
  const int threads_ = env_->GetBackgroundThreads(kCompactions);
  std::promise<void> release_;
  const std::shared_future<void> released_ = release_.get_future().share();
  std::atomic<int> entered_{0};
  std::atomic<int> left_{0};
};

class TraceEraserTest : public testing::Test {
 protected:
  TraceEraserTest() {
    for (int n = 0; n < 100; ++n) {
      Put(HistoryKey(n % 10 == 0 ? kSecret : "somebody", static_cast<uint64_t>(n)));
    }
  }

  void Put(const std::string& key) {
    rocksdb::WriteBatch batch;
    EXPECT_TRUE(batch.Put(key, "value").ok());
    EXPECT_TRUE(store_->Write(&batch).ok());
  }

  void DeleteSecret() {
    rocksdb::WriteBatch batch;
    for (uint64_t n = 0; n < 100; n += 10) EXPECT_TRUE(batch.Delete(HistoryKey(kSecret, n)).ok());
    EXPECT_TRUE(batch.Put(kErasingKey, "").ok());
    EXPECT_TRUE(store_->Write(&batch).ok());
  }

  // Tables are compressed, so a search for bytes alone could overlook a record or its deletion there. Beside
  // the records they hold the format, twice at most, and the mark.
  void ExpectTablesHaveOnly(uint64_t records) {
    rocksdb::TablePropertiesCollection tables;
    ASSERT_TRUE(store_->Enter()->db()->GetPropertiesOfAllTables(&tables).ok());
    uint64_t entries = 0;
    for (const auto& [name, properties] : tables) {
      EXPECT_EQ(properties->num_deletions, 0u) << name;
      entries += properties->num_entries;
    }
    EXPECT_GE(entries, records);
    EXPECT_LE(entries, records + 3);
  }

  bool IsMarked() {
    std::string value;
    return store_->Enter().value().db()->Get(rocksdb::ReadOptions(), kErasingKey, &value).ok();
  }

  const TempDir directory_;
  const std::unique_ptr<DurableStore> store_ =
      DurableStore::Open(directory_.File("store"), kLogFormat).value();
  std::atomic<bool> refuses_{false};
  TraceEraser eraser_{store_.get(), [this](const auto& work) {
                        return refuses_ ? absl::UnavailableError("no disk") : work();
                      }};
};

TEST_F(TraceEraserTest, OfWhatWasDeletedNoByteIsLeft) {
  EXPECT_FALSE(FilesWith(kSecret, directory_.path()).empty());
  ASSERT_TRUE(store_->Enter()->db()->Flush(rocksdb::FlushOptions()).ok());
  DeleteSecret();
  eraser_.Add();
  ASSERT_TRUE(eraser_.Wait().ok());
  ExpectTablesHaveOnly(90);
  EXPECT_TRUE(FilesWith(kSecret, directory_.path()).empty());
  EXPECT_EQ(eraser_.pending(), 0u);
  EXPECT_FALSE(IsMarked());
}

TEST_F(TraceEraserTest, WhatIsNotOfTheStoreHoldsNothingUp) {
  for (const char* name : {"copy.sst", "copy.log", "MANIFEST-copy"}) {
    std::ofstream(directory_.File(std::string("store/") + name)) << "bytes";
  }
  DeleteSecret();
  eraser_.Add();
  EXPECT_TRUE(eraser_.Wait().ok());
}

TEST_F(TraceEraserTest, WaitTellsOfAPassThatFailedBeforeItWasCalledAndTheNextOneWaitsForTheRetry) {
  refuses_ = true;
  DeleteSecret();
  eraser_.Add();
  EXPECT_EQ(eraser_.Wait().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(eraser_.Wait().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(eraser_.pending(), 1u);
  EXPECT_TRUE(IsMarked());
  refuses_ = false;
  while (!eraser_.Wait().ok()) {
  }
  EXPECT_TRUE(FilesWith(kSecret, directory_.path()).empty());
}

TEST_F(TraceEraserTest, WaitsForThoseWhoStillReadFilesThatAreGone) {
  ASSERT_TRUE(store_->Enter()->db()->Flush(rocksdb::FlushOptions()).ok());
  auto access = std::make_unique<DurableStore::Access>(store_->Enter().value());
  std::unique_ptr<rocksdb::Iterator> reader(access->db()->NewIterator(rocksdb::ReadOptions()));
  DeleteSecret();
  eraser_.Add();
  absl::Status waited = eraser_.Wait();
  while (!waited.ok() && waited.message() != kRead) waited = eraser_.Wait();
  EXPECT_EQ(waited.message(), kRead) << "a reader holds what was deleted";
  EXPECT_FALSE(eraser_.Wait().ok()) << "however often one asks";
  EXPECT_EQ(eraser_.pending(), 1u);
  EXPECT_TRUE(IsMarked());
  reader.reset();
  access.reset();
  while (!eraser_.Wait().ok()) {
  }
  EXPECT_TRUE(FilesWith(kSecret, directory_.path()).empty());
}

TEST_F(TraceEraserTest, WaitTellsOfAnEarlierPassThatIsHeldUp) {
  std::unique_ptr<ErasureHold> hold = eraser_.Hold();
  DeleteSecret();
  eraser_.Add();
  while (eraser_.Wait().message() != kHeld) {
  }
  eraser_.Add();
  std::future<absl::Status> told = std::async(std::launch::async, [&] { return eraser_.Wait(); });
  EXPECT_EQ(told.wait_for(std::chrono::minutes(1)), std::future_status::ready) << "for as long as the hold";
  hold.reset();
  EXPECT_EQ(told.get().message(), kHeld);
  while (!eraser_.Wait().ok()) {
  }
  EXPECT_EQ(eraser_.pending(), 0u);
}

TEST_F(TraceEraserTest, GivesUpACompactionForWhoOpensTheStoreAnewAndMakesItAfterwards) {
  auto busy = std::make_unique<BusyThreads>();
  DeleteSecret();
  eraser_.Add();
  busy->AwaitCompaction();
  store_->MarkBroken();
  std::future<absl::Status> opened = std::async(std::launch::async, [&] { return store_->Recover(); });
  EXPECT_EQ(opened.wait_for(std::chrono::minutes(1)), std::future_status::ready) << "the compaction waits";
  busy.reset();
  EXPECT_TRUE(opened.get().ok());
  EXPECT_EQ(store_->generation(), 1u);
  while (!eraser_.Wait().ok()) {
  }
  EXPECT_TRUE(FilesWith(kSecret, directory_.path()).empty());
  EXPECT_FALSE(IsMarked());
}

TEST_F(TraceEraserTest, ComesToAnEndBesideReadersWhoComeAndGo) {
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto access = store_->Enter();
        const std::unique_ptr<rocksdb::Iterator> reader(access->db()->NewIterator(rocksdb::ReadOptions()));
        reader->SeekToFirst();
      }
    });
  }
  for (uint64_t n = 0; n < 60; ++n) {
    Put(HistoryKey(kSecret, n));
    DeleteSecret();
    eraser_.Add();
    while (!eraser_.Wait().ok()) {
    }
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_TRUE(FilesWith(kSecret, directory_.path()).empty());
}

TEST_F(TraceEraserTest, WithNothingToEraseNobodyWaits) {
  EXPECT_TRUE(eraser_.Wait().ok());
  EXPECT_EQ(eraser_.pending(), 0u);
}

TEST_F(TraceEraserTest, WaitsForTheHoldsThatWereTakenBeforeTheStoreWasFreeOfTheRecords) {
  std::unique_ptr<ErasureHold> hold = eraser_.Hold();
  DeleteSecret();
  eraser_.Add();
  while (eraser_.Wait().message() != kHeld) {
  }
  EXPECT_TRUE(FilesWith(kSecret, directory_.path()).empty()) << "the store itself is free of them";
  const std::unique_ptr<ErasureHold> later = eraser_.Hold();
  EXPECT_FALSE(eraser_.Wait().ok());
  EXPECT_EQ(eraser_.pending(), 1u);
  EXPECT_TRUE(IsMarked());
  hold.reset();
  while (!eraser_.Wait().ok()) {
  }
  EXPECT_EQ(eraser_.pending(), 0u);
  EXPECT_FALSE(IsMarked());
}

}  // namespace
}  // namespace ridgeline
