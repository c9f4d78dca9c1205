// A disk that refuses, at every write site of publishing models in turn.

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/model/model_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"
#include "tests/reliability/disk_faults.h"
#include "tests/support/long_form.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

constexpr int kModels = 3;
constexpr double kOtherMean = 4.0;

// SmallModel but for its mean.
std::shared_ptr<const FactorModel> OtherModel() {
  FactorModelParts parts = SmallModelParts();
  parts.global_mean = kOtherMean;
  return FactorModel::Create(std::move(parts)).value();
}

// The names in `folder` of what is no version, or none any more.
std::vector<std::string> Leftovers(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (absl::StartsWith(name, "tmp.")) names.push_back(name);
  }
  return names;
}

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

// Publishes and activates a model. The live one changes if that succeeds, else it is the old one; or the new
// one if the disk may have refused to have the old one back, too.
void PublishOne(ModelStore& store, bool must_succeed, FaultDuration duration) {
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
  if (live.ok() || duration == FaultDuration::kOnce) {
    EXPECT_EQ(after, live.ok() ? published->version : before);
  } else {
    EXPECT_TRUE(after == published->version || after == before) << after;
  }
}

// Puts another model in the place of the live one: it is that if this succeeds, else it is one of the two.
void ReplaceLive(ModelStore& store, bool must_succeed) {
  const std::string live = LoadableLiveVersion(store);
  if (live.empty()) return;
  const StoredModel before = store.Load(live).value();
  const absl::Status replaced = store.Replace(*OtherModel(), before.info);
  if (must_succeed) {
    EXPECT_TRUE(replaced.ok()) << replaced;
  }
  const absl::StatusOr<StoredModel> after = store.Load(live);
  ASSERT_TRUE(after.ok()) << after.status();
  const double mean = after->model->global_mean();
  EXPECT_TRUE(mean == kOtherMean || (!replaced.ok() && mean == before.model->global_mean())) << mean;
}

void DoAll(ModelStore& store, FaultDuration duration) {
  for (int i = 0; i < kModels; ++i) PublishOne(store, /*must_succeed=*/false, duration);
  ReplaceLive(store, /*must_succeed=*/false);
  store.Prune(1).IgnoreError();
  LoadableLiveVersion(store);
}

void ExpectLiveSurvives(const DiskFaults& disk, const std::string& live) {
  const TempDir directory;
  disk.CopyAfterPowerLoss(directory.File("copy"));
  const auto store = OpenModels(directory.File("copy/models"));
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(LoadableLiveVersion(*store), live);
  EXPECT_THAT(Leftovers(directory.File("copy/models")), testing::IsEmpty());
  for (const auto& entry : std::filesystem::directory_iterator(directory.File("copy/models"))) {
    const std::string name = entry.path().filename().string();
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
  if (opened.ok()) {
    DoAll(**opened, duration);
    ExpectLiveSurvives(disk, LoadableLiveVersion(**opened));
  }
  EXPECT_TRUE(disk.failed());
  disk.Heal();
  if (!opened.ok()) opened = OpenModels(folder);
  ASSERT_TRUE(opened.ok());
  PublishOne(**opened, /*must_succeed=*/true, duration);
  ReplaceLive(**opened, /*must_succeed=*/true);
  EXPECT_TRUE((*opened)->Prune(1).ok());
  EXPECT_THAT(Leftovers(folder), testing::IsEmpty());
  ExpectLiveSurvives(disk, LoadableLiveVersion(**opened));
}

int64_t CountSites(DiskFault fault) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  DoAll(*OpenModels(directory.File("models")), FaultDuration::kOnce);
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

TEST(ModelStoreFaults, AVersionThatCouldNotBeMadeLiveIsNotLiveAfterARestart) {
  int failed = 0;
  for (const DiskFault fault : {DiskFault::kIoError, DiskFault::kSyncFailure}) {
    for (const char* before : {"", "v000001"}) {
      for (int64_t site = 0;; ++site) {
        SCOPED_TRACE(absl::StrCat(DiskFaultName(fault), " at site ", site, ", live before: '", before, "'"));
        const TempDir directory;
        std::unique_ptr<ModelStore> store = OpenModels(directory.File("models"));
        for (int i = 0; i < 2; ++i) ASSERT_TRUE(store->Publish(*SmallModel(), SmallModelInfo()).ok());
        if (*before != '\0') {
          ASSERT_TRUE(store->SetLive(before).ok());
        }
        DiskFaults disk(directory.path());
        disk.Fail(fault, FaultDuration::kOnce, site);
        const bool set = store->SetLive("v000002").ok();
        if (!disk.failed()) break;
        failed += set ? 0 : 1;
        store.reset();
        store = OpenModels(directory.File("models"));
        EXPECT_EQ(LoadableLiveVersion(*store), set ? "v000002" : before);
      }
    }
  }
  EXPECT_GT(failed, 0);
}

TEST(ModelStoreFaults, WhatTheDiskKeptOfModelsThatAreGoneGoesOnceItIsWhole) {
  const TempDir directory;
  const std::string folder = directory.File("models");
  const std::unique_ptr<ModelStore> store = OpenModels(folder);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(store->Publish(*SmallModel(), SmallModelInfo()).ok());
  DiskFaults disk(directory.path());
  disk.KeepFiles("factors.safetensors");
  for (const char* version : {"v000002", "v000003"}) {
    EXPECT_FALSE(store->Replace(*OtherModel(), store->Load(version)->info).ok());
    EXPECT_EQ(store->Load(version)->model->global_mean(), kOtherMean) << "an earlier failure is no obstacle";
  }
  EXPECT_FALSE(store->Prune(2).ok());
  EXPECT_FALSE(store->RemoveLeftovers().ok());
  EXPECT_EQ(Leftovers(folder).size(), 3u);
  disk.Heal();
  EXPECT_TRUE(store->RemoveLeftovers().ok());
  EXPECT_THAT(Leftovers(folder), testing::IsEmpty());
  EXPECT_EQ(store->List()->size(), 2u);
}

}  // namespace
}  // namespace ridgeline
