#include "core/interactions/flush_timer.h"

#include <memory>
#include <thread>

#include "core/interactions/rocksdb_store.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

class FlushTimerTest : public testing::Test {
 protected:
  size_t Tables() {
    rocksdb::TablePropertiesCollection tables;
    EXPECT_TRUE(db_->GetPropertiesOfAllTables(&tables).ok());
    return tables.size();
  }

  const TempDir directory_;
  const std::unique_ptr<rocksdb::DB> db_ =
      OpenStore(directory_.File("store"), {"flush-timer-test", 1}).value();
};

TEST_F(FlushTimerTest, FlushesWhileItLivesThoughNothingWasWritten) {
  const rocksdb::SequenceNumber before = db_->GetLatestSequenceNumber();
  {
    const FlushTimer timer(db_.get(), absl::Milliseconds(1));
    while (db_->GetLatestSequenceNumber() < before + 3) std::this_thread::yield();
  }
  EXPECT_GE(Tables(), 1u);
  const rocksdb::SequenceNumber after = db_->GetLatestSequenceNumber();
  { const FlushTimer timer(db_.get(), absl::Hours(1)); }
  EXPECT_EQ(db_->GetLatestSequenceNumber(), after);
}

}  // namespace
}  // namespace ridgeline
