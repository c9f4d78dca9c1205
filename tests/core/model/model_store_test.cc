#include "core/model/model_store.h"

#include <atomic>
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

class ModelStoreTest : public testing::Test {
 protected:
  std::string Publish() { return store_->Publish(*SmallModel(), SmallModelInfo()).value().version; }
  void Reopen() {
    store_.reset();
    store_ = ModelStore::Open(directory_).value();
  }

  // v000001 is live and v000002 its candidate.
  void RunExperiment() {
    Publish();
    Publish();
    ASSERT_TRUE(store_->SetLive("v000001").ok());
    ASSERT_TRUE(store_->SetExperiment({"split", "v000001", "v000002", 0.5}).ok());
  }

  // The versions whose manifests can be read.
  std::vector<std::string> Listed() const {
    std::vector<std::string> versions;
    const std::vector<ModelInfo> infos = store_->List().value();
    for (const ModelInfo& info : infos) versions.push_back(info.version);
    return versions;
  }

  // What the disk may keep of versions that are gone.
  void Leave() const {
    for (const char* name : {"/tmp.replaced.1", "/tmp.removed.9", "/tmp.9"}) {
      std::filesystem::create_directories(directory_ + name);
      ASSERT_TRUE(WriteFileDurably(directory_ + name + "/factors.safetensors", {"x"}).ok());
    }
  }
  bool HasLeftovers() const {
    bool found = false;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      found = found || entry.path().filename().string().rfind("tmp.", 0) == 0;
    }
    return found;
  }

  const TempDir temporary_;
  const std::string directory_ = temporary_.File("models");
  std::unique_ptr<ModelStore> store_ = ModelStore::Open(directory_).value();
};

TEST_F(ModelStoreTest, PublishedModelsLoadWithTheirVersion) {
  const ModelInfo info = store_->Publish(*SmallModel(), SmallModelInfo()).value();
  EXPECT_EQ(info.version, "v000001");
  EXPECT_EQ(info.users, 2);
  const StoredModel stored = store_->Load("v000001").value();
  EXPECT_EQ(stored.info.version, "v000001");
  EXPECT_EQ(stored.model->items().values, SmallModel()->items().values);
}

TEST_F(ModelStoreTest, VersionsCountUpAcrossRestarts) {
  Publish();
  Publish();
  Reopen();
  EXPECT_EQ(Publish(), "v000003");
  EXPECT_THAT(Listed(), ElementsAre("v000001", "v000002", "v000003"));
}

TEST_F(ModelStoreTest, ANumberIsNotUsedAgainAfterItsFolderWasRemovedByHand) {
  Publish();
  ASSERT_TRUE(store_->SetLive(Publish()).ok());
  std::filesystem::remove_all(directory_ + "/v000002");
  Reopen();
  EXPECT_EQ(Publish(), "v000003");
}

TEST_F(ModelStoreTest, LiveIsNothingUntilSetAndSurvivesARestart) {
  EXPECT_EQ(store_->LiveVersion().value(), "");
  Publish();
  EXPECT_EQ(store_->LiveVersion().value(), "");
  ASSERT_TRUE(store_->SetLive("v000001").ok());
  Reopen();
  EXPECT_EQ(store_->LiveVersion().value(), "v000001");
}

TEST_F(ModelStoreTest, UnknownAndUnsafeVersionsAreNotFound) {
  Publish();
  for (const char* version :
       {"v000002", "v1", "V000001", "", ".", "..", "../v000001", "v000001/", "v000001/..", "/etc", "v-00001",
        "v000000", "v+00001", "v99999999999999999999", "tmp.1"}) {
    EXPECT_EQ(store_->SetLive(version).code(), absl::StatusCode::kNotFound) << version;
    EXPECT_EQ(store_->Load(version).status().code(), absl::StatusCode::kNotFound) << version;
  }
  EXPECT_EQ(store_->LiveVersion().value(), "");
}

TEST_F(ModelStoreTest, WhatTheDiskCannotTellOfIsNotTakenForMissing) {
  const std::string version = Publish();
  const std::string aside = directory_ + ".aside";
  std::filesystem::rename(directory_, aside);
  std::filesystem::create_symlink(directory_, directory_);  // whoever follows it comes to no end
  EXPECT_EQ(store_->Load(version).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store_->SetLive(version).code(), absl::StatusCode::kUnavailable);
  std::filesystem::remove(directory_);
  std::filesystem::rename(aside, directory_);
  EXPECT_TRUE(store_->Load(version).ok());
}

TEST_F(ModelStoreTest, PruneKeepsTheNewestAndTheLive) {
  for (int i = 0; i < 5; ++i) Publish();
  ASSERT_TRUE(store_->SetLive("v000002").ok());
  ASSERT_TRUE(store_->Prune(2).ok());
  EXPECT_THAT(Listed(), ElementsAre("v000002", "v000004", "v000005"));
  EXPECT_TRUE(store_->Load("v000002").ok());
}

TEST_F(ModelStoreTest, PruneKeepsOneOfTheModelsThatWereHeldBackBesideTheOthers) {
  Publish();
  Publish();
  ModelInfo info = SmallModelInfo();
  info.held_back = "worse";
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(store_->Publish(*SmallModel(), info).ok());
  Publish();
  ASSERT_TRUE(store_->SetLive("v000001").ok());
  ASSERT_TRUE(store_->Prune(2).ok());
  EXPECT_THAT(Listed(), ElementsAre("v000001", "v000002", "v000005", "v000006"));
  EXPECT_EQ(store_->Load("v000005").value().info.held_back, "worse");
  ASSERT_TRUE(store_->SetLive("v000005").ok()) << "somebody wanted it after all";
  ASSERT_TRUE(store_->Prune(1).ok());
  EXPECT_THAT(Listed(), ElementsAre("v000005", "v000006"));
}

TEST_F(ModelStoreTest, AnExperimentSurvivesARestartUntilItIsEnded) {
  RunExperiment();
  Reopen();
  const auto experiment = store_->CurrentExperiment().value();
  ASSERT_TRUE(experiment.has_value());
  EXPECT_EQ(experiment->candidate_version, "v000002");
  EXPECT_EQ(experiment->share, 0.5);
  EXPECT_TRUE(store_->EndExperiment().ok());
  EXPECT_FALSE(store_->CurrentExperiment()->has_value());
  EXPECT_TRUE(store_->EndExperiment().ok()) << "also when there is none";
}

TEST_F(ModelStoreTest, AnExperimentEndsWhenAnotherVersionBecomesLive) {
  RunExperiment();
  ASSERT_TRUE(store_->SetLive("v000001").ok());
  EXPECT_TRUE(store_->CurrentExperiment()->has_value()) << "the same version is no other";
  ASSERT_TRUE(store_->SetLive("v000002").ok());
  ASSERT_TRUE(store_->SetLive("v000001").ok());
  EXPECT_FALSE(store_->CurrentExperiment()->has_value()) << "it does not come back with its version";
}

TEST_F(ModelStoreTest, AnExperimentEndsWithTheFilesOfItsCandidate) {
  RunExperiment();
  std::filesystem::remove_all(directory_ + "/v000002");
  EXPECT_FALSE(store_->CurrentExperiment()->has_value());
}

TEST_F(ModelStoreTest, AnExperimentNeedsItsTwoVersions) {
  RunExperiment();
  EXPECT_EQ(store_->SetExperiment({"a", "v000001", "v000009", 0.5}).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->SetExperiment({"a", "v000001", "../../etc", 0.5}).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->SetExperiment({"a", "v000002", "v000001", 0.5}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->CurrentExperiment().value()->id, "split");
}

TEST_F(ModelStoreTest, ADamagedExperimentIsReportedAndEndsWithTheNextSwap) {
  RunExperiment();
  ASSERT_TRUE(WriteFileDurably(directory_ + "/EXPERIMENT", {"{"}).ok());
  EXPECT_EQ(store_->CurrentExperiment().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store_->Prune(1).code(), absl::StatusCode::kDataLoss);
  ASSERT_TRUE(store_->SetLive("v000001").ok());
  EXPECT_FALSE(store_->CurrentExperiment()->has_value());
}

TEST_F(ModelStoreTest, PruneKeepsTheCandidateOfAnExperiment) {
  RunExperiment();
  for (int i = 0; i < 3; ++i) Publish();
  ASSERT_TRUE(store_->Prune(1).ok());
  EXPECT_THAT(Listed(), ElementsAre("v000001", "v000002", "v000005"));
  ASSERT_TRUE(store_->EndExperiment().ok());
  ASSERT_TRUE(store_->Prune(1).ok());
  EXPECT_THAT(Listed(), ElementsAre("v000001", "v000005"));
}

TEST_F(ModelStoreTest, PruneRefusesToKeepNothing) {
  Publish();
  EXPECT_THAT(std::string(store_->Prune(0).message()), StartsWith("keep:"));
  EXPECT_THAT(Listed(), ElementsAre("v000001"));
}

TEST_F(ModelStoreTest, PruneRemovesNothingWhenLiveCannotBeRead) {
  Publish();
  Publish();
  ASSERT_TRUE(WriteFileDurably(directory_ + "/LIVE", {"../../etc"}).ok());
  EXPECT_EQ(store_->Prune(1).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store_->LiveVersion().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(Listed(), ElementsAre("v000001", "v000002"));
}

TEST_F(ModelStoreTest, WhatACrashLeftIsRemovedAndNeverListed) {
  Publish();
  std::filesystem::create_directories(directory_ + "/tmp.2");
  ASSERT_TRUE(WriteFileDurably(directory_ + "/tmp.2/manifest.json", {"{"}).ok());
  EXPECT_THAT(Listed(), ElementsAre("v000001"));
  Reopen();
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/tmp.2"));
  EXPECT_EQ(Publish(), "v000002");
}

TEST_F(ModelStoreTest, WhatTheDiskKeptOfVersionsThatAreGoneGoesLater) {
  Publish();
  Leave();
  EXPECT_TRUE(store_->RemoveLeftovers().ok());
  EXPECT_FALSE(HasLeftovers());
  EXPECT_TRUE(store_->RemoveLeftovers().ok()) << "nothing is there";
  Leave();
  EXPECT_TRUE(store_->Replace(*SmallModel(), store_->Load("v000001")->info).ok());
  EXPECT_FALSE(HasLeftovers());
  Leave();
  EXPECT_TRUE(store_->Prune(1).ok());
  EXPECT_FALSE(HasLeftovers());
  EXPECT_THAT(Listed(), ElementsAre("v000001"));
}

TEST_F(ModelStoreTest, WhatIsBeingPublishedIsNoLeftover) {
  std::atomic<bool> done{false};
  std::thread publisher([&] {
    for (int i = 0; i < 20; ++i) {
      const absl::StatusOr<ModelInfo> published = store_->Publish(*SmallModel(), SmallModelInfo());
      EXPECT_TRUE(published.ok()) << published.status();
    }
    done = true;
  });
  while (!done) EXPECT_TRUE(store_->RemoveLeftovers().ok());
  publisher.join();
  EXPECT_EQ(Listed().size(), 20u);
}

TEST_F(ModelStoreTest, AModelThatIsReplacedMeanwhileIsReadAsItWasOrAsItIs) {
  const ModelInfo info = store_->Load(Publish())->info;
  std::atomic<bool> done{false};
  std::thread replacer([&] {
    for (int i = 0; i < 200; ++i) {
      FactorModelParts parts = SmallModelParts();
      if (i % 2 == 0) parts.user_ids = MakeIds({"ann of another length", "bob"});
      EXPECT_TRUE(store_->Replace(*FactorModel::Create(std::move(parts)).value(), info).ok());
    }
    done = true;
  });
  while (!done) {
    const absl::StatusOr<StoredModel> stored = store_->Load(info.version);
    EXPECT_TRUE(stored.ok()) << stored.status();
    EXPECT_THAT(Listed(), ElementsAre(info.version));
  }
  replacer.join();
}

TEST_F(ModelStoreTest, AModelThatIsPrunedMeanwhileIsReadOrNotFound) {
  std::atomic<int> newest{1};
  Publish();
  std::thread pruner([&] {
    for (; newest < 200; ++newest) {
      Publish();
      EXPECT_TRUE(store_->Prune(1).ok());
    }
  });
  while (newest < 200) {
    const absl::Status read = store_->Load(absl::StrFormat("v%06d", newest.load())).status();
    EXPECT_TRUE(read.ok() || absl::IsNotFound(read)) << read;
  }
  pruner.join();
}

TEST_F(ModelStoreTest, DamagedVersionsAreLeftOutOfTheListAndNotLoaded) {
  Publish();
  Publish();
  ASSERT_TRUE(WriteFileDurably(directory_ + "/v000001/manifest.json", {"{}"}).ok());
  EXPECT_THAT(Listed(), ElementsAre("v000002"));
  EXPECT_EQ(store_->Load("v000001").status().code(), absl::StatusCode::kDataLoss);
  std::filesystem::remove(directory_ + "/v000001/manifest.json");
  EXPECT_EQ(store_->Load("v000001").status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ModelStoreTest, AVersionInAnothersFolderIsRefused) {
  Publish();
  std::filesystem::copy(directory_ + "/v000001", directory_ + "/v000009");
  EXPECT_EQ(store_->Load("v000009").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(Listed(), ElementsAre("v000001"));
}

TEST_F(ModelStoreTest, ARefusedPublishLeavesNothing) {
  ModelInfo info = SmallModelInfo();
  info.metrics["bad"] = 1.0 / 0.0;
  EXPECT_EQ(store_->Publish(*SmallModel(), info).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Listed(), IsEmpty());
  std::filesystem::remove(directory_ + "/LOCK");
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(ModelStoreTest, OneStoreAtATimeHasTheFolder) {
  EXPECT_EQ(ModelStore::Open(directory_).status().code(), absl::StatusCode::kFailedPrecondition);
  store_.reset();
  EXPECT_TRUE(ModelStore::Open(directory_).ok());
}

TEST_F(ModelStoreTest, AFolderThatCannotBeMadeIsAnError) {
  ASSERT_TRUE(WriteFileDurably(directory_ + "/file", {"x"}).ok());
  EXPECT_FALSE(ModelStore::Open(directory_ + "/file").ok());
  EXPECT_FALSE(ModelStore::Open(directory_ + "/file/below").ok());
}

TEST_F(ModelStoreTest, ACheckpointIsAStoreOfItsOwnThatLaterChangesDoNotReach) {
  RunExperiment();
  const std::string copy = temporary_.File("copy");
  ASSERT_TRUE(store_->Checkpoint(copy).ok());
  ASSERT_TRUE(store_->Replace(*SmallModel(), store_->Load("v000001")->info).ok());
  ASSERT_TRUE(store_->SetLive("v000002").ok());
  Publish();
  ASSERT_TRUE(store_->Prune(1).ok());
  const auto copied = ModelStore::Open(copy).value();
  EXPECT_EQ(copied->LiveVersion().value(), "v000001");
  EXPECT_EQ(copied->CurrentExperiment().value()->candidate_version, "v000002");
  EXPECT_EQ(copied->List()->size(), 2u);
  for (const char* version : {"v000001", "v000002"}) EXPECT_TRUE(copied->Load(version).ok());
}

TEST_F(ModelStoreTest, ACheckpointLeavesOutWhatIsHalfWrittenAndWhatIsALink) {
  Publish();
  std::filesystem::create_directory(directory_ + "/tmp.7");
  std::filesystem::create_directory_symlink(directory_ + "/v000001", directory_ + "/v000002");
  ASSERT_TRUE(store_->Checkpoint(temporary_.File("copy")).ok());
  EXPECT_TRUE(std::filesystem::exists(temporary_.File("copy/v000001/manifest.json")));
  EXPECT_FALSE(std::filesystem::exists(temporary_.File("copy/tmp.7")));
  EXPECT_FALSE(std::filesystem::exists(temporary_.File("copy/v000002")));
  EXPECT_FALSE(std::filesystem::exists(temporary_.File("copy/LIVE")));
}

TEST_F(ModelStoreTest, AllVersionsAreNamedAlsoThoseThatCannotBeRead) {
  EXPECT_THAT(store_->Versions().value(), IsEmpty());
  for (int i = 0; i < 3; ++i) Publish();
  ASSERT_TRUE(WriteFileDurably(directory_ + "/v000001/manifest.json", {"{}"}).ok());
  std::filesystem::remove_all(directory_ + "/v000002");
  std::filesystem::create_directory(directory_ + "/v000010");
  std::filesystem::create_directory(directory_ + "/v1000000");
  Leave();
  EXPECT_THAT(store_->Versions().value(), ElementsAre("v000001", "v000003", "v000010", "v1000000"));
  EXPECT_THAT(Listed(), ElementsAre("v000003"));
}

TEST_F(ModelStoreTest, ACheckpointOfAFileThatCannotBeLookedForIsAnError) {
  Publish();
  std::filesystem::create_symlink("LIVE", directory_ + "/LIVE");  // leads to itself
  EXPECT_EQ(store_->Checkpoint(temporary_.File("copy")).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace ridgeline
