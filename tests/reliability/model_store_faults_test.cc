// A disk that refuses, at every write site of publishing models in turn.

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/model/model_store.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr int kModels = 3;

std::unique_ptr<ModelStore> OpenModels(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<ModelStore>> store = ModelStore::Open(folder);
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

// The live version, which must be loadable; "" when there is none.
std::string LoadableLiveVersion(const ModelStore& store) {
  const absl::StatusOr<std::string> live = store.LiveVersion();
  EXPECT_TRUE(live.ok()) << live.status();
  if (!live.ok() || live->empty()) return "";
  const absl::StatusOr<StoredModel> loaded = store.Load(*live);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return *live;
}

// Publishes and activates a model. The live one changes if that succeeds, else it is the old one or the new.
void PublishOne(ModelStore& store, bool must_succeed) {
  const std::string before = LoadableLiveVersion(store);
  const absl::StatusOr<ModelInfo> published = store.Publish(*SmallModel(), SmallModelInfo());
  if (must_succeed) {
    EXPECT_TRUE(published.ok()) << published.status();
  }
  if (!published.ok()) {
    EXPECT_EQ(LoadableLiveVersion(store), before);
    return;
  }
  const absl::Status live = store.SetLive(published->version);
  if (must_succeed) {
    EXPECT_TRUE(live.ok()) << live;
  }
  const std::string after = LoadableLiveVersion(store);
  EXPECT_TRUE(after == published->version || (!live.ok() && after == before)) << after;
}

void DoAll(ModelStore& store) {
  for (int i = 0; i < kModels; ++i) PublishOne(store, /*must_succeed=*/false);
  store.Prune(1).IgnoreError();
  LoadableLiveVersion(store);
}

void ExpectLiveSurvives(const DiskFaults& disk, const std::string& live) {
  const TempDir directory;
  disk.CopyAfterPowerLoss(directory.File("copy"));
  const auto store = OpenModels(directory.File("copy/models"));
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(LoadableLiveVersion(*store), live);
  for (const auto& entry : std::filesystem::directory_iterator(directory.File("copy/models"))) {
    const std::string name = entry.path().filename().string();
    EXPECT_FALSE(absl::StartsWith(name, "tmp.")) << name;
    if (absl::StartsWith(name, "v")) {
      EXPECT_TRUE(store->Load(name).ok()) << name << " is incomplete";
    }
  }
}

void SurviveFault(DiskFault fault, FaultDuration duration, int64_t site) {
  const TempDir directory;
  const std::string folder = directory.File("models");
  DiskFaults disk(directory.path());
  disk.Fail(fault, duration, site);
  absl::StatusOr<std::unique_ptr<ModelStore>> opened = ModelStore::Open(folder);
  if (opened.ok()) DoAll(**opened);
  EXPECT_TRUE(disk.failed());
  disk.Heal();
  if (!opened.ok()) opened = OpenModels(folder);
  ASSERT_TRUE(opened.ok());
  PublishOne(**opened, /*must_succeed=*/true);
  EXPECT_TRUE((*opened)->Prune(1).ok());
  ExpectLiveSurvives(disk, LoadableLiveVersion(**opened));
}

int64_t CountSites(DiskFault fault) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  DoAll(*OpenModels(directory.File("models")));
  return disk.sites(fault);
}

TEST(ModelStoreFaults, NoFaultOfTheDiskHarmsTheLiveModelAndNoneNeedsARestart) {
  int64_t tried = 0;
  for (const DiskFault fault : kDiskFaults) {
    const int64_t sites = CountSites(fault);
    EXPECT_GT(sites, kModels) << DiskFaultName(fault);
    for (const FaultDuration duration : {FaultDuration::kOnce, FaultDuration::kUntilHealed}) {
      for (const int64_t site : SitesToTry(sites, 8)) {
        SCOPED_TRACE(absl::StrCat(DiskFaultName(fault), " at site ", site));
        SurviveFault(fault, duration, site);
        ++tried;
        if (HasFatalFailure()) return;
      }
    }
  }
  ReportFigure(absl::StrCat("models: ", tried, " faults survived"));
}

}  // namespace
}  // namespace ridgeline
