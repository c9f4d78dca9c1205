// A disk that refuses, at the write sites of a backup's view in turn.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/backup/backup_reader.h"
#include "gtest/gtest.h"
#include "tests/core/backup/small_world.h"
#include "tests/reliability/disk_faults.h"
#include "tests/reliability/fault_story.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;

// That a log of what was recorded opens from `view`, which can be read to its end.
void ExpectWhole(const BackupView& view, int64_t recorded) {
  BackupReader reader(&view);
  BackupPiece piece = reader.Next().value();
  while (piece.kind != BackupPiece::Kind::kEnd) piece = reader.Next().value();
  const TempDir elsewhere;
  fs::copy(view.directory(), elsewhere.File("copy"), fs::copy_options::recursive);
  const auto log = InteractionLog::Open(elsewhere.File("copy/interactions"));
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ((*log)->size(), recorded);
  const auto models = ModelStore::Open(elsewhere.File("copy/models"));
  ASSERT_TRUE(models.ok()) << models.status();
  EXPECT_TRUE((*models)->Load((*models)->LiveVersion().value()).ok());
}

// Makes a view on a disk that fails; returns whether it did.
bool SurviveFault(DiskFault fault, FaultDuration duration, int64_t site) {
  SmallWorld world;
  DiskFaults disk(world.data_dir);
  disk.Fail(fault, duration, site);
  absl::StatusOr<std::unique_ptr<BackupView>> view = world.source.Freeze();
  const bool failed = disk.failed();
  EXPECT_EQ(world.log->ReadUser("first-user")->size(), 1u) << "reads go on";
  disk.Heal();
  if (view.ok()) {
    ExpectWhole(**view, 1);
    view->reset();
  }
  EXPECT_TRUE(world.source.Settle().ok());
  EXPECT_FALSE(fs::exists(world.data_dir + "/tmp.backup"));
  world.Record("second-user");
  view = world.source.Freeze();
  EXPECT_TRUE(view.ok()) << view.status();
  if (view.ok()) ExpectWhole(**view, 2);
  return failed;
}

TEST(BackupFaults, AFaultOfTheDiskEndsABackupAtMostAndTheNextOneIsWhole) {
  const auto sites_of = [](DiskFault fault) {
    SmallWorld world;
    DiskFaults disk(world.data_dir);
    EXPECT_TRUE(world.source.Freeze().ok());
    std::vector<int64_t> sites = SitesToTry(disk.sites(fault), 3);
    EXPECT_FALSE(sites.empty());
    return sites;
  };
  const FaultCount count = TryFaults(sites_of, SurviveFault);
  EXPECT_GT(count.failed, 0);
  ReportFigure(absl::StrCat("backups: ", count.failed, " faults, each one whole or none"));
}

TEST(BackupFaults, AViewThatTheDiskKeptHoldsUpErasuresUntilItIsSettled) {
  constexpr absl::string_view kHeld = "a backup under way has deleted records still";
  SmallWorld world;
  std::unique_ptr<BackupView> view = world.source.Freeze().value();
  DiskFaults disk(world.data_dir);
  disk.KeepFiles("LIVE");
  view.reset();
  EXPECT_TRUE(fs::exists(world.data_dir + "/tmp.backup"));
  EXPECT_EQ(world.log->DeleteUser("first-user").value(), 1);
  absl::Status erased = world.log->WaitForErasure();
  while (!erased.ok() && erased.message() != kHeld) erased = world.log->WaitForErasure();
  EXPECT_EQ(erased.message(), kHeld);
  EXPECT_FALSE(world.source.Settle().ok());
  disk.Heal();
  EXPECT_TRUE(world.source.Settle().ok());
  EXPECT_FALSE(fs::exists(world.data_dir + "/tmp.backup"));
  while (!world.log->WaitForErasure().ok()) {
  }
  EXPECT_EQ(world.log->pending_erasures(), 0u);
}

}  // namespace
}  // namespace ridgeline
