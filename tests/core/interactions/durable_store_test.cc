#include "core/interactions/durable_store.h"

#include <atomic>
#include <filesystem>
#include <thread>

#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

class DurableStoreTest : public testing::Test {
 protected:
  absl::Status Put(const std::string& key) {
    rocksdb::WriteBatch batch;
    EXPECT_TRUE(batch.Put(key, "value").ok());
    return store_->Write(&batch);
  }

  bool Has(const std::string& key) {
    std::string value;
    return store_->Enter().value().db()->Get(rocksdb::ReadOptions(), key, &value).ok();
  }

  const TempDir directory_;
  const std::unique_ptr<DurableStore> store_ =
      DurableStore::Open(directory_.File("store"), {"durable-store-test", 1}).value();
};

TEST_F(DurableStoreTest, AWholeStoreStaysOpen) {
  ASSERT_TRUE(Put("a").ok());
  ASSERT_TRUE(store_->Recover().ok());
  EXPECT_TRUE(Has("a"));
  EXPECT_EQ(store_->generation(), 0u);
}

TEST_F(DurableStoreTest, ABrokenStoreReadsOnAndIsOpenedAnewByTheNextWrite) {
  ASSERT_TRUE(Put("a").ok());
  store_->MarkBroken();
  EXPECT_TRUE(Has("a"));
  EXPECT_EQ(store_->generation(), 0u);
  ASSERT_TRUE(Put("b").ok());
  EXPECT_EQ(store_->generation(), 1u);
  EXPECT_TRUE(Has("a"));
  EXPECT_TRUE(Has("b"));
  ASSERT_TRUE(Put("c").ok());
  EXPECT_EQ(store_->generation(), 1u);
}

TEST_F(DurableStoreTest, OpeningAnewWaitsForThoseWhoReadAndTellsThem) {
  auto access = std::make_unique<DurableStore::Access>(store_->Enter().value());
  EXPECT_FALSE(access->wanted_back());
  store_->MarkBroken();
  std::thread writer([&] { EXPECT_TRUE(Put("a").ok()); });
  while (!access->wanted_back()) std::this_thread::yield();
  EXPECT_EQ(store_->generation(), 0u);
  access.reset();
  writer.join();
  EXPECT_EQ(store_->generation(), 1u);
}

TEST_F(DurableStoreTest, OpeningAnewDoesNotWaitForCompactions) {
  std::atomic<bool> entered{false};
  std::thread compactor([&] {
    const DurableStore::Access access = store_->Enter().value();
    entered = true;
    rocksdb::Status compacted;
    // As one that takes long; it ends without being told, too, so that this test fails and does not hang.
    for (int more = 50000000; compacted.ok() && more > 0; more -= access.wanted_back() ? 1 : 0) {
      compacted = access.db()->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr);
    }
    EXPECT_TRUE(compacted.IsIncomplete()) << compacted.ToString();
  });
  while (!entered) std::this_thread::yield();
  store_->MarkBroken();
  EXPECT_TRUE(Put("a").ok());
  compactor.join();
  const DurableStore::Access access = store_->Enter().value();
  EXPECT_TRUE(access.db()->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr).ok());
}

TEST_F(DurableStoreTest, WhereItCannotBeOpenedForWritesItIsReadOn) {
  ASSERT_TRUE(Put("a").ok());
  store_->MarkBroken();
  // A database that RocksDB reads, but that OpenStore does not take.
  ASSERT_TRUE(store_->Enter().value().db()->Flush(rocksdb::FlushOptions()).ok());
  ASSERT_TRUE(store_->Enter().value().db()->Put(DurableWrite(), kFormatKey, "something else").ok());
  EXPECT_EQ(Put("b").code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(Has("a"));
  EXPECT_EQ(Put("b").code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(Has("b"));
}

TEST_F(DurableStoreTest, LeavesNoProbeBehind) {
  store_->MarkBroken();
  ASSERT_TRUE(store_->Recover().ok());
  EXPECT_FALSE(std::filesystem::exists(directory_.File("store/PROBE")));
}

TEST_F(DurableStoreTest, ErrorsOfTheBackgroundBreakIt) {
  StoreHealth health;
  rocksdb::Status error = rocksdb::Status::IOError("no");
  bool auto_recovery = true;
  health.OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason::kFlush, error, &auto_recovery);
  EXPECT_FALSE(auto_recovery);
  EXPECT_FALSE(health.broken());
  health.OnBackgroundError(rocksdb::BackgroundErrorReason::kFlush, &error);
  EXPECT_TRUE(health.broken());
}

TEST_F(DurableStoreTest, ACheckpointIsAStoreOfItsOwn) {
  ASSERT_TRUE(Put("a").ok());
  ASSERT_TRUE(store_->Checkpoint(directory_.File("checkpoint")).ok());
  ASSERT_TRUE(Put("b").ok());
  const auto copy = DurableStore::Open(directory_.File("checkpoint"), {"durable-store-test", 1}).value();
  std::string value;
  EXPECT_TRUE(copy->Enter()->db()->Get(rocksdb::ReadOptions(), "a", &value).ok());
  EXPECT_TRUE(copy->Enter()->db()->Get(rocksdb::ReadOptions(), "b", &value).IsNotFound());
}

TEST_F(DurableStoreTest, ACheckpointThatCannotBeMadeIsAnErrorAndTheStoreGoesOn) {
  EXPECT_FALSE(store_->Checkpoint(directory_.File("missing/checkpoint")).ok());
  EXPECT_FALSE(store_->Checkpoint(directory_.File("store")).ok());
  EXPECT_TRUE(Put("a").ok());
  EXPECT_EQ(store_->generation(), 0u);
}

}  // namespace
}  // namespace ridgeline
