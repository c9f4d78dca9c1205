// The folder of a store on a disk that does not sync.

#include <string>
#include <vector>

#include "core/interactions/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

TEST(RocksDbStore, ItsFolderAndThoseAboveAreDurableBeforeItOpens) {
  for (size_t site = 0; site < 2; ++site) {
    const TempDir directory;
    const std::vector<std::string> parents = {directory.path(), directory.File("data")};
    DiskFaults disk(directory.path());
    disk.Fail(DiskFault::kSyncFailure, FaultDuration::kOnce, static_cast<int64_t>(site));
    const absl::Status status = OpenStore(directory.File("data/store"), {"test-store", 1}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_THAT(std::string(status.message()),
                testing::HasSubstr("cannot sync directory " + parents[site] + ":"));
    EXPECT_TRUE(OpenStore(directory.File("data/store"), {"test-store", 1}).ok());
  }
}

}  // namespace
}  // namespace ridgeline
