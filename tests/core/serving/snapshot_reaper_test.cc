#include "core/serving/snapshot_reaper.h"

#include <thread>
#include <utility>

#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

// Keeps a snapshot alive and tells who freed it.
struct Witness {
  ~Witness() { *freed_by = std::this_thread::get_id(); }

  std::shared_ptr<const ServingSnapshot> snapshot;
  std::thread::id* freed_by;
};

// A snapshot whose freeing thread is written into `freed_by`.
std::shared_ptr<const ServingSnapshot> WitnessedSnapshot(std::thread::id* freed_by) {
  auto witness = std::make_shared<Witness>();
  witness->snapshot = MakeSnapshot();
  witness->freed_by = freed_by;
  const ServingSnapshot* address = witness->snapshot.get();
  return std::shared_ptr<const ServingSnapshot>(std::move(witness), address);
}

TEST(SnapshotReaper, GuardsNothingForNull) {
  SnapshotReaper reaper;
  EXPECT_EQ(reaper.Guard(nullptr), nullptr);
  EXPECT_EQ(reaper.unfreed(), 0);
}

TEST(SnapshotReaper, FreesASnapshotOnceTheLastCopyIsDropped) {
  SnapshotReaper reaper;
  std::shared_ptr<const ServingSnapshot> snapshot = MakeSnapshot();
  const std::weak_ptr<const ServingSnapshot> watched = snapshot;
  snapshot = reaper.Guard(std::move(snapshot));
  std::shared_ptr<const ServingSnapshot> copy = snapshot;
  EXPECT_EQ(copy->version(), "v000001");
  snapshot.reset();
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(reaper.unfreed(), 1);
  copy.reset();
  reaper.WaitUntilUnfreed(0);
  EXPECT_TRUE(watched.expired());
}

TEST(SnapshotReaper, DestructOnNonServingThread) {
  std::thread::id freed_by;
  SnapshotReaper reaper;
  std::shared_ptr<const ServingSnapshot> snapshot = reaper.Guard(WitnessedSnapshot(&freed_by));
  snapshot.reset();
  reaper.WaitUntilUnfreed(0);
  EXPECT_NE(freed_by, std::thread::id());
  EXPECT_NE(freed_by, std::this_thread::get_id());
}

TEST(SnapshotReaper, FreesWhatItWasHandedBeforeItEnds) {
  std::thread::id freed_by;
  {
    SnapshotReaper reaper;
    reaper.Guard(WitnessedSnapshot(&freed_by));
  }
  EXPECT_NE(freed_by, std::thread::id());
  EXPECT_NE(freed_by, std::this_thread::get_id());
}

TEST(SnapshotReaper, ACopyThatOutlivesItFreesTheSnapshotItself) {
  std::thread::id freed_by;
  std::shared_ptr<const ServingSnapshot> snapshot;
  {
    SnapshotReaper reaper;
    snapshot = reaper.Guard(WitnessedSnapshot(&freed_by));
  }
  EXPECT_EQ(snapshot->version(), "v000001");
  snapshot.reset();
  EXPECT_EQ(freed_by, std::this_thread::get_id());
}

}  // namespace
}  // namespace ridgeline
