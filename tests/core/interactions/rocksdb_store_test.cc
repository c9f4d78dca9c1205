#include "core/interactions/rocksdb_store.h"

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr StoreFormat kFormat = {"test-store", 2};

absl::StatusCode OpenCode(const std::string& directory, const StoreFormat& format = kFormat) {
  return OpenStore(directory, format).status().code();
}

TEST(RocksDbStore, IsMadeWhenAbsentAndOpensAgain) {
  const TempDir directory;
  const std::string path = directory.File("a/b/store");
  ASSERT_TRUE(OpenStore(path, kFormat).value()->Put(DurableWrite(), "key", "value").ok());
  std::string value;
  ASSERT_TRUE(OpenStore(path, kFormat).value()->Get(rocksdb::ReadOptions(), "key", &value).ok());
  EXPECT_EQ(value, "value");
}

TEST(RocksDbStore, ASecondOpenIsUnavailable) {
  const TempDir directory;
  const auto first = OpenStore(directory.path(), kFormat);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kUnavailable);
}

TEST(RocksDbStore, OlderFormatsAreReadNewerOnesRefused) {
  const TempDir directory;
  EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kOk);
  EXPECT_EQ(OpenCode(directory.path(), {"test-store", 3}), absl::StatusCode::kOk);
  EXPECT_EQ(OpenCode(directory.path(), {"test-store", 1}), absl::StatusCode::kFailedPrecondition);
}

TEST(RocksDbStore, IsFlushedThoughNothingWasWritten) {
  const TempDir directory;
  const auto db = OpenStore(directory.File("store"), kFormat).value();
  for (size_t flushes = 1; flushes < 4; ++flushes) {
    ASSERT_TRUE(FlushAnew(db.get()).ok());
    rocksdb::TablePropertiesCollection tables;
    ASSERT_TRUE(db->GetPropertiesOfAllTables(&tables).ok());
    EXPECT_EQ(tables.size(), flushes);
  }
}

TEST(RocksDbStore, AnotherKindOfStoreIsRefused) {
  const TempDir directory;
  EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kOk);
  EXPECT_EQ(OpenCode(directory.path(), {"other-store", 2}), absl::StatusCode::kDataLoss);
}

TEST(RocksDbStore, ADatabaseWithoutAFormatRecordIsRefused) {
  const TempDir directory;
  {
    const std::unique_ptr<rocksdb::DB> store = OpenStore(directory.path(), kFormat).value();
    ASSERT_TRUE(store->Put(DurableWrite(), "key", "value").ok());
    ASSERT_TRUE(store->Delete(DurableWrite(), kFormatKey).ok());
  }
  EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kDataLoss);
}

TEST(RocksDbStore, ACorruptCurrentFileIsDataLoss) {
  for (const char* content : {"", "garbage", "MANIFEST-999999\n", "\xff\xff\xff\n"}) {
    const TempDir directory;
    EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kOk);
    directory.Write("CURRENT", content);
    EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kDataLoss) << content;
  }
}

TEST(RocksDbStore, AMissingCurrentFileIsDataLossAndDeletesNothing) {
  const TempDir directory;
  {
    const std::unique_ptr<rocksdb::DB> store = OpenStore(directory.path(), kFormat).value();
    ASSERT_TRUE(store->Flush(rocksdb::FlushOptions()).ok());
  }
  std::filesystem::rename(directory.File("CURRENT"), directory.File("aside"));
  EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kDataLoss);
  std::filesystem::rename(directory.File("aside"), directory.File("CURRENT"));
  EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kOk);
}

TEST(RocksDbStore, ACurrentFileThatCannotBeLookedForIsUnavailableAndNotReplaced) {
  const TempDir directory;
  std::filesystem::create_symlink("CURRENT", directory.File("CURRENT"));  // leads to itself
  EXPECT_EQ(OpenCode(directory.path()), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(std::filesystem::is_symlink(directory.File("CURRENT")));
}

TEST(RocksDbStore, AFolderThatCannotBeMadeIsPermissionDenied) {
  const TempDir directory;
  const std::string file = directory.Write("file", "");
  EXPECT_EQ(OpenCode(file + "/store"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(OpenCode("/proc/ridgeline-store"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(OpenCode(file), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace ridgeline
