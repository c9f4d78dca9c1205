#include "server/stores.h"

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

TEST(Stores, AreMadeWhereThereIsNothing) {
  const TempDir dir;
  const auto stores = OpenStores(dir.File("a/b/c"));
  ASSERT_TRUE(stores.ok()) << stores.status();
  EXPECT_EQ(stores->log->size(), 0);
  EXPECT_EQ(stores->catalog->size(), 0);
}

TEST(Stores, AFolderThatCannotBeMadeIsNamed) {
  const TempDir dir;
  const std::string folder = dir.Write("file", "not a folder") + "/data";
  const auto stores = OpenStores(folder);
  ASSERT_FALSE(stores.ok());
  EXPECT_THAT(std::string(stores.status().message()), HasSubstr(folder));
}

TEST(Stores, OneServerAtATimeUsesAFolder) {
  World world;
  const auto second = OpenStores(world.dir.path());
  ASSERT_TRUE(absl::IsUnavailable(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(world.dir.path()));
}

TEST(Stores, WithoutALiveModelNothingIsLoaded) {
  World world;
  world.Publish();
  EXPECT_TRUE(LoadLiveModel(world.stores, world.dir.path(), &world.snapshots).ok());
  EXPECT_EQ(world.snapshots.Get(), nullptr);
}

TEST(Stores, TheLiveModelIsLoaded) {
  World world;
  world.Publish();
  world.Serve();
  world.Publish();
  ASSERT_NE(world.snapshots.Get(), nullptr);
  EXPECT_EQ(world.snapshots.Get()->version(), "v000002");
}

TEST(Stores, ADamagedLiveModelNamesTheRemedy) {
  World world;
  world.Serve();
  std::filesystem::resize_file(world.dir.File("models/v000001/factors.safetensors"), 10);
  SnapshotHolder snapshots;
  const absl::Status status = LoadLiveModel(world.stores, world.dir.path(), &snapshots);
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("v000001"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("models/LIVE"));
  EXPECT_EQ(snapshots.Get(), nullptr);
}

TEST(Stores, AnExperimentGoesOn) {
  World world;
  world.Serve();
  EXPECT_TRUE(LoadExperiment(world.stores, &world.snapshots).ok()) << "there is none";
  EXPECT_EQ(world.snapshots.All().candidate, nullptr);
  world.Split(world.Publish(), 0.25);
  ASSERT_NE(world.snapshots.All().candidate, nullptr);
  EXPECT_EQ(world.snapshots.All().candidate->snapshot->version(), "v000002");
  EXPECT_EQ(world.snapshots.All().candidate->experiment.share, 0.25);
}

TEST(Stores, ADamagedCandidateLeavesTheLiveModelServing) {
  World world;
  world.Serve();
  world.Split(world.Publish(), 0.25);
  std::filesystem::resize_file(world.dir.File("models/v000002/factors.safetensors"), 10);
  SnapshotHolder snapshots;
  ASSERT_TRUE(LoadLiveModel(world.stores, world.dir.path(), &snapshots).ok());
  EXPECT_TRUE(absl::IsDataLoss(LoadExperiment(world.stores, &snapshots)));
  EXPECT_EQ(snapshots.All().candidate, nullptr);
  EXPECT_NE(snapshots.Get(), nullptr);
}

TEST(Stores, AMissingLiveModelNamesTheRemedy) {
  World world;
  world.Serve();
  std::filesystem::remove_all(world.dir.File("models/v000001"));
  SnapshotHolder snapshots;
  const absl::Status status = LoadLiveModel(world.stores, world.dir.path(), &snapshots);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr("models/LIVE"));
}

TEST(Stores, WhatAKilledProcessLeftOfABackupIsGone) {
  const TempDir dir;
  std::filesystem::create_directories(dir.File("tmp.backup/models/v000001"));
  ASSERT_TRUE(OpenStores(dir.path()).ok());
  EXPECT_FALSE(std::filesystem::exists(dir.File("tmp.backup")));
}

TEST(Stores, ASecondServerLeavesTheBackupOfTheFirstAlone) {
  World world;
  std::filesystem::create_directories(world.dir.File("tmp.backup"));
  EXPECT_FALSE(OpenStores(world.dir.path()).ok());
  EXPECT_TRUE(std::filesystem::exists(world.dir.File("tmp.backup")));
}

}  // namespace
}  // namespace ridgeline
