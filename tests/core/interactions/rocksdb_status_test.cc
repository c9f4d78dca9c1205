#include "core/interactions/rocksdb_status.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(FromRocksDb, SaysWhatTheCallerCanDo) {
  using Status = rocksdb::Status;
  EXPECT_TRUE(FromRocksDb(Status::OK()).ok());
  EXPECT_EQ(FromRocksDb(Status::NotFound("x")).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(FromRocksDb(Status::Corruption("x")).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(FromRocksDb(Status::PathNotFound("x")).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(FromRocksDb(Status::IOError("x")).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(FromRocksDb(Status::NoSpace("x")).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(FromRocksDb(Status::Busy("x")).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(FromRocksDb(Status::NotSupported("x")).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(FromRocksDb, KeepsTheMessage) {
  EXPECT_NE(FromRocksDb(rocksdb::Status::Corruption("block 7")).message().find("block 7"),
            absl::string_view::npos);
}

}  // namespace
}  // namespace ridgeline
