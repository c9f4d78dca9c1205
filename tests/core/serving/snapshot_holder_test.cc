#include "core/serving/snapshot_holder.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

std::shared_ptr<const ServingSnapshot> MakeSnapshot(const std::string& version, uint64_t seed = 1) {
  FakeCatalog catalog;
  ServedModel served;
  served.version = version;
  served.seed = seed;
  return ServingSnapshot::Create(MakeStoredModel(served), catalog);
}

TEST(SnapshotHolder, HoldsNothingBeforeTheFirstSwap) {
  SnapshotHolder holder;
  EXPECT_EQ(holder.Get(), nullptr);
  EXPECT_EQ(holder.FreeRetired(), 0);
}

TEST(SnapshotHolder, GetReturnsWhatWasSwappedInLast) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v000001"));
  holder.Swap(MakeSnapshot("v000002"));
  EXPECT_EQ(holder.Get()->version(), "v000002");
}

TEST(SnapshotHolder, ARetiredSnapshotOutlivesTheRequestsThatUseItAndIsFreedByTheHolder) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v000001"));
  std::shared_ptr<const ServingSnapshot> request = holder.Get();
  const std::weak_ptr<const ServingSnapshot> watched = request;
  holder.Swap(MakeSnapshot("v000002"));
  EXPECT_EQ(holder.FreeRetired(), 1);
  request.reset();
  EXPECT_FALSE(watched.expired()) << "the request must not be the one to free it";
  EXPECT_EQ(holder.FreeRetired(), 0);
  EXPECT_TRUE(watched.expired());
}

TEST(SnapshotHolder, AnUnusedSnapshotIsFreedByTheSwapThatRetiresIt) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v000001"));
  const std::weak_ptr<const ServingSnapshot> watched = holder.Get();
  holder.Swap(MakeSnapshot("v000002"));
  EXPECT_TRUE(watched.expired());
}

TEST(SnapshotHolder, ReadersSeeWholeVersionsOnlyWhileSwapsGoOn) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v1", 1));
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  const auto read = [&] {
    while (!done.load()) {
      const auto snapshot = holder.Get();
      const std::string expected = absl::StrCat("v", snapshot->model().hyperparameters().factors - 3);
      torn += snapshot->version() != expected;
    }
  };
  std::thread reader(read);
  std::thread other(read);
  for (int version = 1; version <= 20; ++version) {
    FakeCatalog catalog;
    ServedModel served;
    served.factors = version + 3;
    served.version = absl::StrCat("v", version);
    holder.Swap(ServingSnapshot::Create(MakeStoredModel(served), catalog));
  }
  done = true;
  reader.join();
  other.join();
  EXPECT_EQ(torn.load(), 0);
  EXPECT_EQ(holder.FreeRetired(), 0);
}

}  // namespace
}  // namespace ridgeline
