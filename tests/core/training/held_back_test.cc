// What the retrainer does with a model that the gate holds back.

#include <memory>
#include <string>

#include "core/training/retrainer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/taste_crowd.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

class HeldBackTest : public testing::Test, protected TrainingWorld {
 protected:
  HeldBackTest() {
    options_.als = SmallAls();
    options_.als.hyperparameters.factors = 8;
    options_.warm_iterations = 2;
    options_.validation_fraction = 0.1;
    options_.keep_versions = 2;
  }

  void Make() {
    retrainer_ = std::make_unique<Retrainer>(options_, log.get(), catalog.get(), store.get(), &snapshots,
                                             nullptr, &clock, nullptr);
  }

  TrainingRun Train() {
    TrainingRun run = retrainer_->Start({}).value();
    while (!run.ended()) run = retrainer_->WaitForChange(run.id, run.revision, absl::Minutes(5)).value();
    return run;
  }

  // v000001 is live; what is recorded since is noise.
  void RecordNoiseAfterAGoodModel() {
    Make();
    Record(crowd_.Events(3'000));
    ASSERT_EQ(Train().state, TrainingState::kSucceeded);
    RecordNoise();
  }

  void RecordNoise() {
    std::vector<Interaction> noise;
    for (int i = 0; i < 4'000; ++i) {
      noise.push_back(crowd_.At(TasteCrowd::User(crowd_.AnyUser()), TasteCrowd::ItemName(crowd_.AnyItem())));
    }
    Record(noise);
  }

  std::vector<std::string> Versions() {
    std::vector<std::string> versions;
    const std::vector<ModelInfo> infos = store->List().value();
    for (const ModelInfo& info : infos) versions.push_back(info.version);
    return versions;
  }

  std::string LiveVersion() { return snapshots.Get()->version(); }

  RetrainerOptions options_;
  TasteCrowd crowd_;
  std::unique_ptr<Retrainer> retrainer_;
};

TEST_F(HeldBackTest, TheModelIsStoredWithTheReasonAndTheLiveOneServesOn) {
  RecordNoiseAfterAGoodModel();
  const std::shared_ptr<const ServingSnapshot> live = snapshots.Get();
  const TrainingRun run = Train();
  EXPECT_EQ(run.state, TrainingState::kHeldBack);
  EXPECT_EQ(run.model_version, "v000002");
  EXPECT_TRUE(run.verdict.held_back);
  EXPECT_EQ(run.verdict.live_version, "v000001");
  EXPECT_EQ(snapshots.Get(), live);
  EXPECT_EQ(store->LiveVersion().value(), "v000001");
  const ModelInfo info = store->Load("v000002").value().info;
  EXPECT_EQ(info.held_back, run.verdict.reason);
  EXPECT_EQ(info.metrics.at("validation_ndcg@20"), run.verdict.model_figure);
  EXPECT_EQ(info.metrics.at("popularity_ndcg@20"), run.verdict.baseline_figure);
  EXPECT_EQ(info.trained_through_sequence, log->last_sequence()) << "trained whole, like any other";
  EXPECT_THAT(store->Load("v000001").value().info.held_back, IsEmpty());
}

TEST_F(HeldBackTest, ActivateTakesItAndGoesBackWithoutATraining) {
  RecordNoiseAfterAGoodModel();
  ASSERT_EQ(Train().state, TrainingState::kHeldBack);
  const size_t runs = retrainer_->List().size();
  EXPECT_EQ(retrainer_->Activate("v000002").value().version, "v000002");
  EXPECT_EQ(LiveVersion(), "v000002");
  EXPECT_EQ(retrainer_->Activate("v000001").value().version, "v000001");
  EXPECT_EQ(LiveVersion(), "v000001");
  EXPECT_EQ(store->LiveVersion().value(), "v000001");
  EXPECT_EQ(retrainer_->List().size(), runs);
}

TEST_F(HeldBackTest, OnceActivatedItIsWhatTheNextModelIsHeldAgainst) {
  RecordNoiseAfterAGoodModel();
  ASSERT_EQ(Train().state, TrainingState::kHeldBack);
  ASSERT_TRUE(retrainer_->Activate("v000002").ok());
  RecordNoise();
  const TrainingRun run = Train();
  EXPECT_EQ(run.verdict.live_version, "v000002");
  EXPECT_EQ(run.state, TrainingState::kSucceeded) << run.verdict.reason;
}

TEST_F(HeldBackTest, ARowOfThemDoesNotPushOutModelsToGoBackTo) {
  RecordNoiseAfterAGoodModel();
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Train().state, TrainingState::kHeldBack);
  EXPECT_THAT(Versions(), ElementsAre("v000001", "v000004"));
}

TEST_F(HeldBackTest, AnExperimentRunsOn) {
  Make();
  Record(crowd_.Events(3'000));
  ASSERT_EQ(Train().state, TrainingState::kSucceeded);
  ASSERT_EQ(Train().state, TrainingState::kSucceeded);
  Experiment experiment;
  experiment.candidate_version = "v000001";
  experiment.share = 0.5;
  ASSERT_TRUE(retrainer_->SetExperiment(experiment).ok());
  RecordNoise();
  ASSERT_EQ(Train().state, TrainingState::kHeldBack);
  EXPECT_NE(snapshots.All().candidate, nullptr);
}

TEST_F(HeldBackTest, NothingIsWhereNothingIsHeldOut) {
  options_.validation_fraction = 0.0;
  Make();
  Record(crowd_.Events(3'000));
  Train();
  RecordNoise();
  const TrainingRun run = Train();
  EXPECT_EQ(run.state, TrainingState::kSucceeded);
  EXPECT_THAT(run.verdict.reason, StartsWith("not measured"));
}

TEST_F(HeldBackTest, AWideToleranceLetsMoreThrough) {
  const auto train = [&](double tolerance) {
    options_.als.hyperparameters = SmallAls(Feedback::kExplicit).hyperparameters;
    options_.validation_tolerance = tolerance;
    Make();
    return Train();
  };
  Record(crowd_.Ratings(6'000));
  ASSERT_EQ(train(0.05).state, TrainingState::kSucceeded);
  std::vector<Interaction> noise;
  for (int i = 0; i < 3'000; ++i) {
    noise.push_back(crowd_.At(TasteCrowd::User(crowd_.AnyUser()), TasteCrowd::ItemName(crowd_.AnyItem()),
                              crowd_.Uniform() < 0.5 ? 1.0f : 5.0f));
  }
  Record(noise);
  EXPECT_THAT(train(0.0).verdict.reason, StartsWith("worse than"));
  EXPECT_THAT(train(1.0).verdict.reason, testing::Not(StartsWith("worse than")));
}

}  // namespace
}  // namespace ridgeline
