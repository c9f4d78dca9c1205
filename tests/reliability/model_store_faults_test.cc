// A disk that refuses, at every write site of publishing models in turn.

#include <filesystem>
#include <memory>
#include <set>
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
#include "tests/reliability/fault_story.h"
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

enum class Running { kNo, kYes, kEither };

// What the owner of a store was told.
struct Told {
  std::set<std::string> may_be_live = {""};  // the last that was made live, and what was refused since
  std::set<std::string> published;           // and not pruned
  std::set<std::string> replaced;            // by OtherModel
  Running experiment = Running::kNo;
};

void ExpectAsTold(const ModelStore& store, const Told& told) {
  EXPECT_THAT(told.may_be_live, testing::Contains(LoadableLiveVersion(store)));
  const std::vector<std::string> versions = store.Versions().value();
  EXPECT_THAT(versions, testing::IsSupersetOf(told.published));
  for (const std::string& version : versions) {
    const absl::StatusOr<StoredModel> stored = store.Load(version);
    ASSERT_TRUE(stored.ok()) << stored.status();
    if (told.replaced.count(version) > 0) {
      EXPECT_EQ(stored->model->global_mean(), kOtherMean) << version << " is the replaced one";
    }
  }
  const absl::StatusOr<absl::optional<Experiment>> experiment = store.CurrentExperiment();
  ASSERT_TRUE(experiment.ok()) << experiment.status();
  if (told.experiment != Running::kEither) {
    EXPECT_EQ(experiment->has_value(), told.experiment == Running::kYes);
  }
}

// Who publishes, remembers what was told and holds the store to it. Not thread-safe: the store has no threads
// of its own.
class Owner {
 public:
  // Publishes and activates a model. The live one changes if that succeeds, else it is the old one; or the
  // new one if the disk may have refused to have the old one back, too.
  void PublishOne(ModelStore& store, FaultDuration duration) {
    const std::string before = LoadableLiveVersion(store);
    const absl::StatusOr<ModelInfo> published = store.Publish(*SmallModel(), SmallModelInfo());
    ExpectDone(published.status());
    if (!published.ok()) {
      EXPECT_EQ(LoadableLiveVersion(store), before);
      return;
    }
    told_.published.insert(published->version);
    const absl::Status live = SetLive(store, published->version);
    const std::string after = LoadableLiveVersion(store);
    if (live.ok() || duration == FaultDuration::kOnce) {
      EXPECT_EQ(after, live.ok() ? published->version : before);
    }
  }

  // Puts another model in the place of the live one: it is that if this succeeds, else it is one of the two.
  void ReplaceLive(ModelStore& store) {
    const std::string live = LoadableLiveVersion(store);
    if (live.empty()) return;
    const StoredModel before = store.Load(live).value();
    const absl::Status replaced = store.Replace(*OtherModel(), before.info);
    ExpectDone(replaced);
    if (replaced.ok()) told_.replaced.insert(live);
    const absl::StatusOr<StoredModel> after = store.Load(live);
    ASSERT_TRUE(after.ok()) << after.status();
    const double mean = after->model->global_mean();
    EXPECT_TRUE(mean == kOtherMean || (!replaced.ok() && mean == before.model->global_mean())) << mean;
  }

  // Sets an experiment between the live version and the oldest, and ends it, twice where that is refused.
  void Experiment(ModelStore& store) {
    const std::string live = LoadableLiveVersion(store);
    const std::vector<std::string> versions = store.Versions().value();
    if (versions.size() < 2 || live == versions.front()) return;
    told_.experiment = Running::kEither;
    const absl::Status set = store.SetExperiment({"e", live, versions.front(), 0.5, absl::UnixEpoch()});
    ExpectDone(set);
    if (set.ok()) told_.experiment = Running::kYes;
    ExpectAsTold(store, told_);
    told_.experiment = Running::kEither;
    absl::Status ended = store.EndExperiment();
    ExpectDone(ended);
    if (!ended.ok()) ended = store.EndExperiment();
    if (ended.ok()) told_.experiment = Running::kNo;
    ExpectAsTold(store, told_);
  }

  void Prune(ModelStore& store) {
    told_.published = {};
    const std::string live = LoadableLiveVersion(store);
    if (!live.empty()) told_.published = {live};
    ExpectDone(store.Prune(1));
    ExpectAsTold(store, told_);
  }

  void DoAll(ModelStore& store, FaultDuration duration) {
    for (int i = 0; i < kModels; ++i) PublishOne(store, duration);
    Experiment(store);
    ReplaceLive(store);
    Prune(store);
  }

  // From now on the disk is whole: it must not refuse anything.
  void ExpectAllDone() { must_succeed_ = true; }

  const Told& told() const { return told_; }

 private:
  void ExpectDone(const absl::Status& status) const {
    if (must_succeed_) {
      EXPECT_TRUE(status.ok()) << status;
    }
  }

  absl::Status SetLive(ModelStore& store, const std::string& version) {
    told_.may_be_live.insert(version);
    if (told_.experiment == Running::kYes) told_.experiment = Running::kEither;
    const absl::Status live = store.SetLive(version);
    ExpectDone(live);
    if (!live.ok()) return live;
    told_.may_be_live = {version};
    told_.experiment = Running::kNo;
    return live;
  }

  Told told_;
  bool must_succeed_ = false;
};

// All that the process could end by.
void TakeAllEnds(const DiskFaults& disk, const Owner& owner, Moment<Told>& moment) {
  moment.TakeAllEnds(disk, owner.told());
  moment.AddCutThatKeepsNamesOfFiles(disk);
}

void ExpectAsToldIn(const std::string& folder, const Told& told) {
  const std::string of_models = folder + "/models";
  const auto store = OpenModels(of_models);
  if (store == nullptr) return;
  ExpectAsTold(*store, told);
  EXPECT_THAT(Leftovers(of_models), testing::IsEmpty());
}

// The whole story with the disk failing at one site; returns whether it did.
bool SurviveFault(DiskFault fault, FaultDuration duration, int64_t site) {
  const TempDir directory;
  const std::string folder = directory.File("models");
  Owner owner;
  Moments<Told> moments;
  DiskFaults disk(directory.path());
  disk.WhenItFails([&] { TakeAllEnds(disk, owner, moments.at_fault); });
  disk.Fail(fault, duration, site);
  absl::StatusOr<std::unique_ptr<ModelStore>> opened = ModelStore::Open(folder);
  if (opened.ok()) owner.DoAll(**opened, duration);
  const bool failed = disk.failed();
  if (failed) TakeAllEnds(disk, owner, moments.before_healing);
  disk.Heal();
  if (!opened.ok()) opened = OpenModels(folder);
  if (*opened == nullptr) return failed;
  owner.ExpectAllDone();
  owner.DoAll(**opened, duration);
  EXPECT_THAT(Leftovers(folder), testing::IsEmpty());
  moments.at_end.TakePowerCut(disk, owner.told());
  moments.ForEachEnd(ExpectAsToldIn);
  return failed;
}

int64_t CountSites(DiskFault fault) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  Owner owner;
  owner.ExpectAllDone();
  owner.DoAll(*OpenModels(directory.File("models")), FaultDuration::kOnce);
  return disk.sites(fault);
}

TEST(ModelStoreFaults, NoFaultOfTheDiskHarmsTheLiveModelAndNoneNeedsARestart) {
  const auto sites_of = [](DiskFault fault) {
    const int64_t sites = CountSites(fault);
    EXPECT_GT(sites, kModels) << DiskFaultName(fault);
    // Syncs are few, and what an error of one leaves is told from little: all are tried.
    return SitesToTry(sites, fault == DiskFault::kSyncFailure ? sites : 8);
  };
  const FaultCount count = TryFaults(sites_of, SurviveFault);
  EXPECT_EQ(count.failed, count.tried);
  ReportFigure(absl::StrCat("models: ", count.failed, " faults survived"));
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

TEST(ModelStoreFaults, TheFolderIsOnTheDiskAlsoWhereAProcessMadeItThatDidNotLiveToSyncIt) {
  const TempDir directory;
  DiskFaults disk(directory.path());
  std::filesystem::create_directory(directory.File("models"));
  Owner owner;
  owner.ExpectAllDone();
  owner.PublishOne(*OpenModels(directory.File("models")), FaultDuration::kOnce);
  Moment<Told> moment;
  TakeAllEnds(disk, owner, moment);
  moment.ForEachEnd(ExpectAsToldIn);
}

TEST(ModelStoreFaults, AVersionWhoseFilesGoIsNoneAnyMoreAfterAPowerLoss) {
  const TempDir directory;
  const TempDir copies;
  const std::unique_ptr<ModelStore> store = OpenModels(directory.File("models"));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store->Publish(*SmallModel(), SmallModelInfo()).ok());
  DiskFaults disk(directory.path());
  disk.Fail(DiskFault::kSyncFailure, FaultDuration::kOnce, 0);
  ASSERT_FALSE(store->Prune(1).ok()) << "v000001 has another name, which is not on the disk";
  disk.WhenItFails([&] { disk.CopyAfterPowerLoss(UnsyncedNames::kKeptInSubfolders, copies.File("copy")); });
  disk.KeepFiles("tmp.removed.1");  // the folder, which goes after its files
  EXPECT_FALSE(store->RemoveLeftovers().ok());
  const std::unique_ptr<ModelStore> found = OpenModels(copies.File("copy/models"));
  const std::vector<std::string> versions = found->Versions().value();
  for (const std::string& version : versions) {
    EXPECT_TRUE(found->Load(version).ok()) << version << " is half removed";
  }
}

}  // namespace
}  // namespace ridgeline
