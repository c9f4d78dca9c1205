// Experiments on a disk that refuses, at every write site in turn.

#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/model/model_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr DiskFault kFaults[] = {DiskFault::kIoError, DiskFault::kNoSpace, DiskFault::kSyncFailure};

// A store in which v000001 is live and v000002 and v000003 may be its candidates.
class ExperimentFaults : public testing::Test {
 protected:
  struct World {
    World() {
      Open();
      for (int i = 0; i < 3; ++i) EXPECT_TRUE(store->Publish(*SmallModel(), SmallModelInfo()).ok());
      EXPECT_TRUE(store->SetLive("v000001").ok());
    }

    void Open() {
      store.reset();
      store = ModelStore::Open(folder.File("models")).value();
    }

    absl::Status Split(const std::string& candidate) {
      return store->SetExperiment({"split", "v000001", candidate, 0.5});
    }

    // The candidate that the next start finds, "" when there is no experiment.
    std::string CandidateAfterRestart() {
      Open();
      const auto experiment = store->CurrentExperiment().value();
      return experiment.has_value() ? experiment->candidate_version : "";
    }

    const TempDir folder;
    std::unique_ptr<ModelStore> store;
  };
};

TEST_F(ExperimentFaults, OneThatWasRefusedDoesNotRunAfterARestart) {
  int refused = 0;
  for (const DiskFault fault : kFaults) {
    for (const std::string before : {"", "v000003"}) {
      for (int64_t site = 0;; ++site) {
        SCOPED_TRACE(absl::StrCat(DiskFaultName(fault), " at site ", site, ", before: '", before, "'"));
        World world;
        if (!before.empty()) {
          ASSERT_TRUE(world.Split(before).ok());
        }
        DiskFaults disk(world.folder.path());
        disk.Fail(fault, FaultDuration::kOnce, site);
        const bool set = world.Split("v000002").ok();
        if (!disk.failed()) break;
        refused += set ? 0 : 1;
        EXPECT_EQ(world.CandidateAfterRestart(), set ? "v000002" : before);
      }
    }
  }
  EXPECT_GT(refused, 10);
}

// What was not synced may be undone by a power loss, so OK must never be said of it.
TEST_F(ExperimentFaults, OneThatEndedWasSyncedAlsoWhereAnEarlierCallRemovedIt) {
  World world;
  ASSERT_TRUE(world.Split("v000002").ok());
  DiskFaults disk(world.folder.path());
  disk.Fail(DiskFault::kSyncFailure, FaultDuration::kUntilHealed, 0);
  EXPECT_FALSE(world.store->EndExperiment().ok());
  EXPECT_FALSE(world.store->EndExperiment().ok()) << "nothing is left to remove, but that is not durable yet";
  disk.Heal();
  EXPECT_TRUE(world.store->EndExperiment().ok());
  EXPECT_EQ(world.CandidateAfterRestart(), "");
}

// With syncs that cost no time, so that much happens at once.
TEST_F(ExperimentFaults, OneMayEndWhileACheckpointIsMade) {
  World world;
  const std::string copy = world.folder.File("copy");
  const DiskFaults disk(world.folder.path());
  std::atomic<bool> done{false};
  std::thread ender([&] {
    while (!done) {
      std::ofstream(world.folder.File("models/EXPERIMENT")) << "any text";
      EXPECT_TRUE(world.store->EndExperiment().ok());
    }
  });
  for (int i = 0; i < 1000 && !HasFailure(); ++i) {
    const absl::Status status = world.store->Checkpoint(copy);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_TRUE(RemoveAll(copy).ok());
  }
  done = true;
  ender.join();
}

TEST_F(ExperimentFaults, TheFolderOfTheModelsAndThoseAboveAreDurableBeforeTheStoreOpens) {
  for (size_t site = 0; site < 2; ++site) {
    const TempDir directory;
    const std::string parents[] = {directory.path(), directory.File("data")};
    DiskFaults disk(directory.path());
    disk.Fail(DiskFault::kSyncFailure, FaultDuration::kOnce, static_cast<int64_t>(site));
    const absl::Status status = ModelStore::Open(directory.File("data/models")).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(status.message()),
                testing::HasSubstr(absl::StrCat("cannot sync directory ", parents[site], ":")));
    EXPECT_TRUE(ModelStore::Open(directory.File("data/models")).ok());
  }
}

}  // namespace
}  // namespace ridgeline
