#include "core/serving/snapshot_holder.h"

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

TEST(SnapshotHolder, HoldsNothingBeforeTheFirstSwap) {
  SnapshotHolder holder;
  EXPECT_EQ(holder.Get(), nullptr);
  EXPECT_EQ(holder.retired(), 0);
  holder.WaitForRetired();
}

TEST(SnapshotHolder, GetReturnsWhatWasSwappedInLast) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v000001"));
  holder.Swap(MakeSnapshot("v000002"));
  EXPECT_EQ(holder.Get()->version(), "v000002");
}

TEST(SnapshotHolder, ARetiredSnapshotOutlivesTheRequestsThatUseItAndIsFreedRightAfter) {
  SnapshotHolder holder;
  std::shared_ptr<const ServingSnapshot> snapshot = MakeSnapshot("v000001");
  const std::weak_ptr<const ServingSnapshot> watched = snapshot;
  holder.Swap(std::move(snapshot));
  std::shared_ptr<const ServingSnapshot> request = holder.Get();
  holder.Swap(MakeSnapshot("v000002"));
  EXPECT_EQ(holder.retired(), 1);
  EXPECT_EQ(request->version(), "v000001");
  request.reset();
  holder.WaitForRetired();
  EXPECT_TRUE(watched.expired()) << "no further swap is needed";
  EXPECT_EQ(holder.retired(), 0);
}

TEST(SnapshotHolder, AnUnusedSnapshotIsFreedByTheSwapThatRetiresIt) {
  SnapshotHolder holder;
  std::shared_ptr<const ServingSnapshot> snapshot = MakeSnapshot("v000001");
  const std::weak_ptr<const ServingSnapshot> watched = snapshot;
  holder.Swap(std::move(snapshot));
  holder.Swap(MakeSnapshot("v000002"));
  holder.WaitForRetired();
  EXPECT_TRUE(watched.expired());
}

TEST(SnapshotHolder, SplitsUsersWhileThereIsACandidate) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v000001"));
  holder.SetCandidate(MakeCandidate(MakeSnapshot("v000002"), 1.0));
  EXPECT_EQ(holder.Get()->version(), "v000001");
  EXPECT_EQ(holder.GetFor(UserSubject{"u0"})->version(), "v000002");
  holder.SetCandidate(nullptr);
  EXPECT_EQ(holder.GetFor(UserSubject{"u0"})->version(), "v000001");
  EXPECT_EQ(holder.All().candidate, nullptr);
}

TEST(SnapshotHolder, ASwapToAnotherVersionEndsTheExperiment) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v000001"));
  holder.SetCandidate(MakeCandidate(MakeSnapshot("v000002"), 1.0));
  holder.Swap(MakeSnapshot("v000001", 2));
  EXPECT_NE(holder.All().candidate, nullptr) << "the same version is no other";
  holder.Swap(MakeSnapshot("v000003"));
  EXPECT_EQ(holder.All().candidate, nullptr);
  holder.WaitForRetired();
  EXPECT_EQ(holder.retired(), 0);
}

TEST(SnapshotHolder, ACandidateOutlivesTheRequestsThatUseItAndIsFreedRightAfter) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v000001"));
  std::shared_ptr<const ServingSnapshot> snapshot = MakeSnapshot("v000002");
  const std::weak_ptr<const ServingSnapshot> watched = snapshot;
  holder.SetCandidate(MakeCandidate(std::move(snapshot), 1.0));
  ServedModels request = holder.All();
  holder.SetCandidate(nullptr);
  EXPECT_EQ(holder.retired(), 1);
  EXPECT_EQ(request.candidate->snapshot->version(), "v000002");
  request = ServedModels();
  holder.WaitForRetired();
  EXPECT_TRUE(watched.expired());
}

TEST(SnapshotHolder, ACandidateThatBecomesLiveOrChangesItsShareIsNotRetired) {
  SnapshotHolder holder;
  holder.Swap(MakeSnapshot("v000001"));
  holder.SetCandidate(MakeCandidate(MakeSnapshot("v000002"), 0.1));
  const std::shared_ptr<const ServingSnapshot> snapshot = holder.All().candidate->snapshot;
  holder.SetCandidate(MakeCandidate(snapshot, 0.2));
  EXPECT_EQ(holder.retired(), 0);
  holder.Swap(snapshot);
  holder.WaitForRetired();  // v000001
  EXPECT_EQ(holder.retired(), 0);
  EXPECT_EQ(holder.Get()->version(), "v000002");
  EXPECT_EQ(holder.All().candidate, nullptr);
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
  holder.WaitForRetired();
  EXPECT_EQ(holder.retired(), 0);
}

}  // namespace
}  // namespace ridgeline
