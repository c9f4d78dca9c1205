#include "core/training/model_publisher.h"

#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

class ModelPublisherTest : public testing::Test, protected TrainingWorld {
 protected:
  // Writes a model and makes it live, as one that was judged beside what is served.
  absl::StatusOr<ModelInfo> Publish(uint64_t seed) {
    StoredModel model;
    model.model = RandomModel(seed, 5, 7, 3, Numbers::kNormal);
    absl::StatusOr<StoredModel> written = publisher_.Write(std::move(model));
    if (!written.ok()) return written.status();
    return publisher_.MakeLive(*std::move(written), VersionsOf(snapshots.All()));
  }

  StoredModel Write(uint64_t seed) {
    StoredModel model;
    model.model = RandomModel(seed, 5, 7, 3, Numbers::kNormal);
    return publisher_.Write(std::move(model)).value();
  }

  // An experiment as callers ask for it.
  static Experiment To(const std::string& candidate, double share) {
    Experiment experiment;
    experiment.candidate_version = candidate;
    experiment.share = share;
    return experiment;
  }

  std::string LiveVersion() { return snapshots.Get()->version(); }

  Recommender recommender_{&snapshots, log.get(), catalog.get(), 100};
  Arena arena_{1, /*low_priority=*/true};
  ModelPublisher publisher_{store.get(), catalog.get(), &snapshots, &recommender_, &arena_, 2};
};

TEST_F(ModelPublisherTest, MakesAModelLiveInMemoryAndOnDisk) {
  const ModelInfo info = Publish(1).value();
  EXPECT_EQ(LiveVersion(), info.version);
  EXPECT_EQ(store->LiveVersion().value(), info.version);
  EXPECT_EQ(snapshots.Get()->info().users, 5);
}

TEST_F(ModelPublisherTest, AModelThatIsOnlyWrittenIsNotLive) {
  EXPECT_EQ(Write(1).info.version, "v000001");
  EXPECT_EQ(snapshots.Get(), nullptr);
}

TEST_F(ModelPublisherTest, KeepsTheVersionsAskedFor) {
  for (uint64_t seed = 0; seed < 5; ++seed) Publish(seed).value();
  const std::vector<ModelInfo> kept = store->List().value();
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept.back().version, LiveVersion());
}

TEST_F(ModelPublisherTest, ActivateGoesBackAndForward) {
  const ModelInfo first = Publish(1).value();
  const ModelInfo second = Publish(2).value();
  EXPECT_EQ(publisher_.Activate(first.version).value().version, first.version);
  EXPECT_EQ(LiveVersion(), first.version);
  EXPECT_EQ(store->LiveVersion().value(), first.version);
  EXPECT_EQ(snapshots.Get()->model().items().values,
            RandomModel(1, 5, 7, 3, Numbers::kNormal)->items().values);
  EXPECT_TRUE(publisher_.Activate(second.version).ok());
  EXPECT_EQ(LiveVersion(), second.version);
}

TEST_F(ModelPublisherTest, RunsAnExperimentInMemoryAndOnDisk) {
  const std::string candidate = Publish(1).value().version;
  const std::string live = Publish(2).value().version;
  const Experiment experiment = publisher_.SetExperiment(To(candidate, 0.5)).value();
  EXPECT_EQ(experiment.live_version, live);
  EXPECT_EQ(experiment.id, "v000002-v000001");
  EXPECT_EQ(snapshots.All().candidate->snapshot->version(), candidate);
  EXPECT_EQ(store->CurrentExperiment().value()->id, experiment.id);
  EXPECT_EQ(LiveVersion(), live);
  EXPECT_EQ(publisher_.EndExperiment().value().id, experiment.id);
  EXPECT_EQ(snapshots.All().candidate, nullptr);
  EXPECT_FALSE(store->CurrentExperiment()->has_value());
  EXPECT_EQ(publisher_.EndExperiment().status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ModelPublisherTest, ANewShareKeepsTheStartAndTheLoadedModel) {
  const std::string candidate = Publish(1).value().version;
  Publish(2).value();
  Experiment first = To(candidate, 0.1);
  first.start_time = absl::FromUnixSeconds(5);
  ASSERT_TRUE(publisher_.SetExperiment(first).ok());
  const auto loaded = snapshots.All().candidate->snapshot;
  const Experiment second = publisher_.SetExperiment(To(candidate, 0.2)).value();
  EXPECT_EQ(second.start_time, absl::FromUnixSeconds(5));
  EXPECT_EQ(second.share, 0.2);
  EXPECT_EQ(snapshots.All().candidate->snapshot, loaded);
}

TEST_F(ModelPublisherTest, ACandidateBecomesLiveAsItIsAndEndsTheExperiment) {
  const std::string candidate = Publish(1).value().version;
  Publish(2).value();
  ASSERT_TRUE(publisher_.SetExperiment(To(candidate, 0.5)).ok());
  const auto loaded = snapshots.All().candidate->snapshot;
  ASSERT_TRUE(publisher_.Activate(candidate).ok());
  EXPECT_EQ(snapshots.Get(), loaded);
  EXPECT_EQ(snapshots.All().candidate, nullptr);
  EXPECT_FALSE(store->CurrentExperiment()->has_value());
}

TEST_F(ModelPublisherTest, APublishedModelEndsTheExperiment) {
  const std::string candidate = Publish(1).value().version;
  Publish(2).value();
  ASSERT_TRUE(publisher_.SetExperiment(To(candidate, 0.5)).ok());
  Publish(3).value();
  EXPECT_EQ(snapshots.All().candidate, nullptr);
  EXPECT_FALSE(store->CurrentExperiment()->has_value());
}

TEST_F(ModelPublisherTest, HoldsBackWhatWasJudgedBesideAModelThatIsNotLiveAnyMore) {
  const std::string first = Publish(1).value().version;
  Publish(2).value();
  const ServedVersions judged_beside = VersionsOf(snapshots.All());
  StoredModel third = Write(3);
  ASSERT_TRUE(publisher_.Activate(first).ok());
  const ModelInfo info = publisher_.MakeLive(std::move(third), judged_beside).value();
  EXPECT_EQ(info.held_back, "held against v000002, but v000001 has become live meanwhile");
  EXPECT_EQ(LiveVersion(), first);
  EXPECT_EQ(store->LiveVersion().value(), first);
  EXPECT_EQ(store->Load("v000003")->info.held_back, info.held_back);
  EXPECT_TRUE(publisher_.Activate("v000003").ok()) << "for who wants it all the same";
}

TEST_F(ModelPublisherTest, AModelDoesNotEndAnExperimentThatBeganWhileItWasTrained) {
  const std::string candidate = Publish(1).value().version;
  const std::string live = Publish(2).value().version;
  const ServedVersions judged_beside = VersionsOf(snapshots.All());
  StoredModel third = Write(3);
  ASSERT_TRUE(publisher_.SetExperiment(To(candidate, 0.5)).ok());
  const ModelInfo info = publisher_.MakeLive(std::move(third), judged_beside).value();
  EXPECT_EQ(info.held_back, "it would end experiment \"v000002-v000001\", which has begun meanwhile");
  EXPECT_EQ(LiveVersion(), live);
  EXPECT_NE(snapshots.All().candidate, nullptr);
  EXPECT_TRUE(store->CurrentExperiment()->has_value());
}

TEST_F(ModelPublisherTest, ReloadReadsTheLiveModelAnewAndNeverBringsAnotherBack) {
  const std::string first = Publish(1).value().version;
  const std::string second = Publish(2).value().version;
  const StoredModel stored = store->Load(second).value();
  ASSERT_TRUE(store->Replace(*RandomModel(9, 4, 7, 3, Numbers::kNormal), stored.info).ok());
  ASSERT_TRUE(publisher_.Reload({first}).ok());
  EXPECT_EQ(snapshots.Get()->info().users, 5) << "as it was";
  ASSERT_TRUE(publisher_.Reload({first, second}).ok());
  EXPECT_EQ(LiveVersion(), second);
  EXPECT_EQ(snapshots.Get()->info().users, 4);
  ASSERT_TRUE(publisher_.Activate(first).ok());
  ASSERT_TRUE(publisher_.Reload({second}).ok());
  EXPECT_EQ(LiveVersion(), first);
  EXPECT_EQ(store->LiveVersion().value(), first);
}

TEST_F(ModelPublisherTest, ReloadReadsTheCandidateAnewAndTheExperimentGoesOn) {
  const std::string candidate = Publish(1).value().version;
  const std::string live = Publish(2).value().version;
  const Experiment experiment = publisher_.SetExperiment(To(candidate, 0.5)).value();
  const StoredModel stored = store->Load(candidate).value();
  ASSERT_TRUE(store->Replace(*RandomModel(9, 4, 7, 3, Numbers::kNormal), stored.info).ok());
  const auto loaded = snapshots.All().candidate->snapshot;
  ASSERT_TRUE(publisher_.Reload({live}).ok());
  EXPECT_EQ(snapshots.All().candidate->snapshot, loaded);
  ASSERT_TRUE(publisher_.Reload({candidate}).ok());
  ASSERT_NE(snapshots.All().candidate, nullptr);
  EXPECT_EQ(snapshots.All().candidate->snapshot->info().users, 4);
  EXPECT_EQ(snapshots.All().candidate->experiment.id, experiment.id);
  EXPECT_EQ(LiveVersion(), live);
}

TEST_F(ModelPublisherTest, RefusesAnExperimentThatCannotRun) {
  EXPECT_EQ(publisher_.SetExperiment(To("v000001", 0.5)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  const std::string candidate = Publish(1).value().version;
  const std::string live = Publish(2).value().version;
  EXPECT_EQ(publisher_.SetExperiment(To(live, 0.5)).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(publisher_.SetExperiment(To("v000099", 0.5)).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(publisher_.SetExperiment(To(candidate, 0.0)).status().code(), absl::StatusCode::kInvalidArgument);
  DamageFactors(candidate);
  EXPECT_EQ(publisher_.SetExperiment(To(candidate, 0.5)).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(snapshots.All().candidate, nullptr);
  EXPECT_FALSE(store->CurrentExperiment()->has_value());
}

TEST_F(ModelPublisherTest, ARetiredModelIsFreedWithoutAFurtherSwap) {
  Publish(1).value();
  std::shared_ptr<const ServingSnapshot> request = snapshots.Get();
  Publish(2).value();
  EXPECT_EQ(snapshots.retired(), 1);
  request.reset();
  snapshots.WaitForRetired();
  EXPECT_EQ(snapshots.retired(), 0);
}

TEST_F(ModelPublisherTest, WarmsANewModelUpWithRecentUsers) {
  Publish(1).value();
  Record({MakeInteraction("somebody", "i1")});
  RecommendQuery query;
  query.subject = UserSubject{"somebody"};
  ASSERT_EQ(recommender_.Recommend(query)->source, RecommendationSource::kFoldIn);
  Publish(2).value();
  // Nobody says ForgetUser: only a state that was read before the swap knows the user still.
  ASSERT_TRUE(log->DeleteUser("somebody").ok());
  EXPECT_EQ(recommender_.Recommend(query)->source, RecommendationSource::kFoldIn);
}

TEST_F(ModelPublisherTest, RefusesADamagedVersionAndServesOn) {
  const ModelInfo first = Publish(1).value();
  const ModelInfo second = Publish(2).value();
  DamageFactors(first.version);
  EXPECT_EQ(publisher_.Activate(first.version).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(publisher_.Activate("v000099").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(LiveVersion(), second.version);
  EXPECT_EQ(store->LiveVersion().value(), second.version);
}

TEST_F(ModelPublisherTest, ServesOnWhenTheStoreCannotBeWritten) {
  const ModelInfo first = Publish(1).value();
  std::filesystem::remove_all(directory.File("models"));
  std::ofstream(directory.File("models")) << "in the way";
  EXPECT_FALSE(Publish(2).ok());
  EXPECT_EQ(LiveVersion(), first.version);
}

TEST_F(ModelPublisherTest, LoadsNothingForThoseWhoGaveUpBeforeItWasTheirTurn) {
  const ModelInfo first = Publish(1).value();
  const ModelInfo second = Publish(2).value();
  const auto gave_up = [] { return absl::CancelledError("the caller went away"); };
  EXPECT_TRUE(absl::IsCancelled(publisher_.Activate(first.version, gave_up).status()));
  EXPECT_TRUE(absl::IsCancelled(publisher_.SetExperiment(To(first.version, 0.5), gave_up).status()));
  EXPECT_EQ(LiveVersion(), second.version);
  EXPECT_EQ(snapshots.All().candidate, nullptr);
}

}  // namespace
}  // namespace ridgeline
