#include "core/training/retrainer.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_format.h"
#include "core/base/thread_priority.h"
#include "core/serving/recommender.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::StartsWith;
using testing::UnorderedElementsAre;

// Holds up whoever passes until it is opened.
class Gate {
 public:
  void Pass() {
    MutexLock lock(&mutex_);
    ++arrived_;
    changed_.SignalAll();
    while (!open_) changed_.Wait(&mutex_);
  }

  void AwaitArrival() {
    MutexLock lock(&mutex_);
    while (arrived_ == 0) changed_.Wait(&mutex_);
  }

  void Open() {
    MutexLock lock(&mutex_);
    open_ = true;
    changed_.SignalAll();
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int arrived_ ABSL_GUARDED_BY(mutex_) = 0;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
};

class RetrainerTest : public testing::Test, protected TrainingWorld {
 protected:
  RetrainerTest() {
    options_.als = SmallAls();
    options_.warm_iterations = 2;
    options_.validation_fraction = 0.1;
    options_.keep_versions = 3;
  }

  void Make() {
    retrainer_ = std::make_unique<Retrainer>(options_, log.get(), catalog.get(), store.get(), &snapshots,
                                             &recommender_, &clock, [this](const TrainingRun& run) {
                                               if (on_change_) on_change_(run);
                                             });
  }

  TrainingRun WaitForEnd(const std::string& id) {
    TrainingRun run = retrainer_->Get(id).value();
    while (!run.ended()) run = retrainer_->WaitForChange(id, run.revision, absl::Minutes(5)).value();
    return run;
  }

  TrainingRun Train(const TrainingRequest& request = {}) {
    return WaitForEnd(retrainer_->Start(request).value().id);
  }

  std::string LiveVersion() {
    const auto live = snapshots.Get();
    return live == nullptr ? "" : live->version();
  }

  RetrainerOptions options_;
  std::function<void(const TrainingRun&)> on_change_;  // set before Make
  Recommender recommender_{&snapshots, log.get(), catalog.get(), 100};
  std::unique_ptr<Retrainer> retrainer_;
};

TEST_F(RetrainerTest, ASuccessfulRunSwapsItsModelIn) {
  Record(TwoTastes(20, 10));
  Make();
  const TrainingRun run = Train();
  EXPECT_EQ(run.state, TrainingState::kSucceeded) << run.error;
  EXPECT_EQ(run.phase, TrainingPhase::kDone);
  EXPECT_EQ(run.model_version, "v000001");
  EXPECT_FALSE(run.warm);
  EXPECT_EQ(run.iteration, 6);
  EXPECT_EQ(LiveVersion(), "v000001");
  EXPECT_EQ(store->LiveVersion().value(), "v000001");
  const ModelInfo info = store->Load("v000001").value().info;
  EXPECT_EQ(info.create_time, clock.Now());
  EXPECT_EQ(info.trained_through_sequence, log->last_sequence());
  EXPECT_THAT(info.metrics, Contains(Key("validation_ndcg@20")));
}

TEST_F(RetrainerTest, TheNextRunStartsWarmUnlessToldOtherwise) {
  Record(TwoTastes(20, 10));
  Make();
  Train();
  const TrainingRun warm = Train();
  EXPECT_TRUE(warm.warm);
  EXPECT_EQ(warm.iterations, 4) << "two to measure, two on all data";
  TrainingRequest cold;
  cold.start = TrainingStart::kCold;
  EXPECT_FALSE(Train(cold).warm);
  TrainingRequest other;
  other.als = SmallAls();
  other.als->hyperparameters.factors = 5;
  EXPECT_FALSE(Train(other).warm);
}

TEST_F(RetrainerTest, AWarmStartThatDoesNotFitIsRefused) {
  Record(TwoTastes(20, 10));
  Make();
  TrainingRequest warm;
  warm.start = TrainingStart::kWarm;
  EXPECT_EQ(retrainer_->Start(warm).status().code(), absl::StatusCode::kFailedPrecondition);
  Train();
  EXPECT_TRUE(Train(warm).warm);
}

TEST_F(RetrainerTest, RefusesBadOptionsNamingThem) {
  Record(TwoTastes(20, 10));
  Make();
  const auto message = [&](const std::function<void(AlsOptions&)>& spoil) {
    TrainingRequest request;
    request.als = SmallAls();
    spoil(*request.als);
    const absl::Status status = retrainer_->Start(request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  EXPECT_THAT(message([](AlsOptions& als) { als.hyperparameters.regularization = 0.0; }),
              StartsWith("regularization"));
  EXPECT_THAT(message([](AlsOptions& als) { als.hyperparameters.factors = 0; }), StartsWith("factors"));
  EXPECT_THAT(message([](AlsOptions& als) { als.hyperparameters.factors = 1'000'000; }),
              StartsWith("factors"));
  EXPECT_THAT(message([](AlsOptions& als) { als.iterations = 0; }), StartsWith("iterations"));
  EXPECT_THAT(message([](AlsOptions& als) { als.tolerance = 1.0; }), StartsWith("tolerance"));
  EXPECT_TRUE(retrainer_->List().empty());
}

TEST_F(RetrainerTest, RefusesAnEmptyLog) {
  Make();
  EXPECT_EQ(retrainer_->Start({}).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RetrainerTest, ACancelledRunLeavesTheLiveModel) {
  Record(TwoTastes(20, 10));
  on_change_ = [this](const TrainingRun& run) {
    if (run.iteration == 1 && run.iterations == 10'000) retrainer_->Cancel(run.id).status().IgnoreError();
  };
  Make();
  Train();
  TrainingRequest endless;
  endless.als = SmallAls();
  endless.als->iterations = 9'998;
  const TrainingRun run = Train(endless);
  EXPECT_EQ(run.state, TrainingState::kCancelled);
  EXPECT_EQ(run.end_time, clock.Now());
  EXPECT_EQ(LiveVersion(), "v000001");
  EXPECT_EQ(retrainer_->Cancel(run.id).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(retrainer_->Cancel("t999999").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RetrainerTest, ACancelWhileTheModelIsMeasuredIsHeeded) {
  Record(TwoTastes(20, 10));
  on_change_ = [this](const TrainingRun& run) {
    if (run.phase == TrainingPhase::kValidating && !run.ended()) retrainer_->Cancel(run.id).value();
  };
  Make();
  const TrainingRun run = Train();
  EXPECT_EQ(run.state, TrainingState::kCancelled);
  EXPECT_EQ(run.phase, TrainingPhase::kValidating) << "what it was doing when it ended";
  EXPECT_EQ(snapshots.Get(), nullptr);
}

TEST_F(RetrainerTest, OneRunWaitsAndNoMore) {
  Record(TwoTastes(20, 10));
  Gate gate;
  on_change_ = [&](const TrainingRun& run) {
    if (run.id == "t000001" && run.phase == TrainingPhase::kReading) gate.Pass();
  };
  Make();
  const TrainingRun first = retrainer_->Start({}).value();
  gate.AwaitArrival();
  const TrainingRun second = retrainer_->Start({}).value();
  EXPECT_EQ(second.state, TrainingState::kQueued);
  EXPECT_EQ(retrainer_->Start({}).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(retrainer_->Cancel(second.id).value().state, TrainingState::kCancelled);
  const TrainingRun third = retrainer_->Start({}).value();
  gate.Open();
  EXPECT_EQ(WaitForEnd(first.id).state, TrainingState::kSucceeded);
  EXPECT_EQ(WaitForEnd(third.id).state, TrainingState::kSucceeded);
}

TEST_F(RetrainerTest, AFailedRunLeavesTheLiveModel) {
  Record(TwoTastes(20, 10));
  Make();
  Train();
  std::filesystem::remove_all(directory.File("models"));
  std::ofstream(directory.File("models")) << "in the way";
  const TrainingRun run = Train();
  EXPECT_EQ(run.state, TrainingState::kFailed);
  EXPECT_FALSE(run.error.ok());
  EXPECT_EQ(run.phase, TrainingPhase::kPublishing) << "what it was doing when it ended";
  EXPECT_EQ(LiveVersion(), "v000001");
}

TEST_F(RetrainerTest, KeepsOnlyTheVersionsAskedFor) {
  Record(TwoTastes(20, 10));
  Make();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Train().state, TrainingState::kSucceeded);
  EXPECT_EQ(store->List().value().size(), 3u);
  EXPECT_EQ(LiveVersion(), "v000005");
}

TEST_F(RetrainerTest, ActivateRollsBack) {
  Record(TwoTastes(20, 10));
  Make();
  Train();
  Train();
  EXPECT_EQ(retrainer_->Activate("v000001").value().version, "v000001");
  EXPECT_EQ(LiveVersion(), "v000001");
  EXPECT_EQ(Train().model_version, "v000003");
}

TEST_F(RetrainerTest, WhoGoesBackWhileAModelIsTrainedStaysThere) {
  Record(TwoTastes(20, 10));
  on_change_ = [this](const TrainingRun& run) {
    if (run.id != "t000003" || run.phase != TrainingPhase::kPublishing) return;
    EXPECT_TRUE(retrainer_->Activate("v000001").ok());
  };
  Make();
  Train();
  Train();
  const TrainingRun run = Train();
  EXPECT_EQ(run.state, TrainingState::kHeldBack);
  EXPECT_EQ(run.model_version, "v000003");
  EXPECT_TRUE(run.verdict.held_back);
  EXPECT_EQ(run.verdict.reason, "held against v000002, but v000001 has become live meanwhile");
  EXPECT_EQ(LiveVersion(), "v000001");
  EXPECT_EQ(store->Load("v000003")->info.held_back, run.verdict.reason);
}

TEST_F(RetrainerTest, AnExperimentThatBeginsWhileAModelIsTrainedGoesOn) {
  Record(TwoTastes(20, 10));
  on_change_ = [this](const TrainingRun& run) {
    if (run.id != "t000003" || run.phase != TrainingPhase::kPublishing) return;
    Experiment experiment;
    experiment.candidate_version = "v000001";
    experiment.share = 0.5;
    EXPECT_TRUE(retrainer_->SetExperiment(experiment).ok());
  };
  Make();
  Train();
  Train();
  EXPECT_EQ(Train().state, TrainingState::kHeldBack);
  EXPECT_EQ(LiveVersion(), "v000002");
  EXPECT_NE(snapshots.All().candidate, nullptr);
}

TEST_F(RetrainerTest, ATrainingWhoseModelIsLiveHasSucceededThoughAnOldModelCannotBeErased) {
  Record(TwoTastes(20, 10));
  Make();
  Train();
  Train();
  DamageFactors("v000001");
  log->DeleteUser("u3").value();
  const TrainingRun run = Train();
  EXPECT_EQ(run.state, TrainingState::kSucceeded) << run.error;
  EXPECT_EQ(LiveVersion(), "v000003");
  EXPECT_THAT(run.verdict.reason, HasSubstr("may have deleted users still"));
  EXPECT_FALSE(store->Load("v000002")->model->user_ids().Find("u3").has_value());
}

TEST_F(RetrainerTest, ATrainingThatFailsErasesDeletedUsersAllTheSame) {
  Record(TwoTastes(20, 10));
  Make();
  Train();
  log->DeleteUser("u3").value();
  Record({MakeInteraction("u1", "i0", 3e38f), MakeInteraction("u5", "i2", 3e38f)});
  EXPECT_EQ(Train().state, TrainingState::kFailed);
  EXPECT_FALSE(store->Load("v000001")->model->user_ids().Find("u3").has_value());
  EXPECT_FALSE(snapshots.Get()->model().user_ids().Find("u3").has_value());
}

TEST_F(RetrainerTest, TheLastUsersLeaveTheModelsThoughNoTrainingCanCome) {
  Record(TwoTastes(4, 10));
  Make();
  Train();
  for (const char* user : {"u0", "u1", "u2", "u3"}) log->DeleteUser(user).value();
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (snapshots.Get()->model().user_ids().size() > 0) ASSERT_LT(absl::Now(), give_up);
  EXPECT_EQ(store->Load("v000001")->model->user_ids().size(), 0u);
}

TEST_F(RetrainerTest, DeletedUsersOfAModelFromElsewhereAreForgottenOnceItIsFreeOfThem) {
  Record(TwoTastes(20, 10));
  Make();
  Train();
  StoredModel elsewhere = store->Load("v000001").value();
  elsewhere.info.trained_through_sequence = 0;
  const std::string version = store->Publish(*elsewhere.model, elsewhere.info).value().version;
  ASSERT_TRUE(retrainer_->Activate(version).ok());
  log->DeleteUser("u3").value();
  Train();
  EXPECT_FALSE(store->Load(version)->model->user_ids().Find("u3").has_value());
  EXPECT_TRUE(log->deletions().departed.empty());
}

TEST_F(RetrainerTest, ADeletedUserIsInNoNewModel) {
  Record(TwoTastes(20, 10));
  Make();
  Train();
  EXPECT_TRUE(snapshots.Get()->model().user_ids().Find("u3").has_value());
  log->DeleteUser("u3").value();
  EXPECT_TRUE(Train().warm);
  EXPECT_FALSE(snapshots.Get()->model().user_ids().Find("u3").has_value());
}

TEST_F(RetrainerTest, AnItemThatNobodyMetIsRecommendedByTheNextModelToWhoLikesItsTags) {
  Record(TwoTastes(20, 10));
  ASSERT_TRUE(catalog->Upsert(TwoTags(10)).ok());
  Make();
  Train();
  ASSERT_TRUE(catalog->Upsert({TaggedItem("new even", "even"), TaggedItem("new odd", "odd")}).ok());
  EXPECT_EQ(Train().state, TrainingState::kSucceeded);
  EXPECT_EQ(store->Load(LiveVersion()).value().model->placed_items(), 2u);
  const auto recommend = [&](const std::string& user) {
    RecommendQuery query;
    query.subject = UserSubject{user};
    query.k = 2;
    const RecommendResult result = recommender_.Recommend(query).value();
    std::vector<std::string> ids;
    for (const Recommendation& item : result.recommendations) ids.push_back(item.item_id);
    return ids;
  };
  // Each user has one trained item of the own taste left.
  EXPECT_THAT(recommend("u0"), UnorderedElementsAre("i0", "new even"));
  EXPECT_THAT(recommend("u1"), UnorderedElementsAre("i1", "new odd"));
  // Who meets a placed item is folded in with it at once.
  Record({MakeInteraction("visitor", "new odd")});
  recommender_.ForgetUser("visitor");
  EXPECT_THAT(recommend("visitor"), testing::Each(testing::AnyOf("i1", "i3", "i5", "i7", "i9")));
}

TEST_F(RetrainerTest, PlacesNoItemsWhereToldNotTo) {
  Record(TwoTastes(20, 10));
  ASSERT_TRUE(catalog->Upsert(TwoTags(10)).ok());
  ASSERT_TRUE(catalog->Upsert({TaggedItem("new", "even")}).ok());
  options_.place_cold_items = false;
  Make();
  Train();
  EXPECT_FALSE(snapshots.Get()->model().item_ids().Find("new").has_value());
}

TEST_F(RetrainerTest, TrainsByItselfAfterEnoughInteractions) {
  options_.trigger_interactions = 50;
  Make();
  Record({MakeInteraction("u0", "i0")});
  retrainer_->Poll();
  EXPECT_TRUE(retrainer_->List().empty());
  Record(TwoTastes(20, 10));
  retrainer_->Poll();
  ASSERT_EQ(retrainer_->List().size(), 1u);
  const TrainingRun run = WaitForEnd("");
  EXPECT_EQ(run.request.trigger, TrainingTrigger::kInteractions);
  EXPECT_EQ(run.state, TrainingState::kSucceeded);
  retrainer_->Poll();
  EXPECT_EQ(retrainer_->List().size(), 1u) << "nothing is new";
}

TEST_F(RetrainerTest, TrainsByItselfAfterTheIntervalIfThereIsNews) {
  options_.trigger_interval = absl::Hours(1);
  Make();
  clock.Advance(absl::Hours(2));
  retrainer_->Poll();
  EXPECT_TRUE(retrainer_->List().empty()) << "nothing is there to train on";
  Record(TwoTastes(20, 10));
  retrainer_->Poll();
  ASSERT_EQ(retrainer_->List().size(), 1u);
  EXPECT_EQ(WaitForEnd("").request.trigger, TrainingTrigger::kInterval);
  Record({MakeInteraction("u0", "i9")});
  retrainer_->Poll();
  EXPECT_EQ(retrainer_->List().size(), 1u) << "too soon";
  clock.Advance(absl::Hours(1));
  retrainer_->Poll();
  EXPECT_EQ(retrainer_->List().size(), 2u);
  WaitForEnd("");
}

TEST_F(RetrainerTest, AnExperimentHoldsTheTriggersUntilItEnds) {
  options_.trigger_interactions = 1;
  Record(TwoTastes(20, 10));
  Make();
  const std::string candidate = Train().model_version;
  Train();
  Experiment experiment;
  experiment.candidate_version = candidate;
  experiment.share = 0.5;
  const absl::Time now = clock.Now();
  clock.Advance(absl::Nanoseconds(789));
  EXPECT_EQ(retrainer_->SetExperiment(experiment).value().start_time, now) << "whole microseconds, as stored";
  EXPECT_EQ(store->CurrentExperiment().value()->start_time, now);
  Record({MakeInteraction("u0", "i9")});
  const size_t runs = retrainer_->List().size();
  retrainer_->Poll();
  EXPECT_EQ(retrainer_->List().size(), runs);
  ASSERT_TRUE(retrainer_->EndExperiment().ok());
  retrainer_->Poll();
  EXPECT_EQ(retrainer_->List().size(), runs + 1);
  WaitForEnd("");
}

TEST_F(RetrainerTest, AModelFromDiskCountsAsTrained) {
  Record(TwoTastes(20, 10));
  Make();
  Train();
  options_.trigger_interactions = 1;
  Make();
  retrainer_->Poll();
  EXPECT_TRUE(retrainer_->List().empty());
}

TEST_F(RetrainerTest, AClockSetBackDoesNotPutTheNextRunOff) {
  options_.trigger_interval = absl::Hours(1);
  Make();
  Record(TwoTastes(20, 10));
  clock.Advance(-absl::Hours(24));
  retrainer_->Poll();
  EXPECT_TRUE(retrainer_->List().empty());
  clock.Advance(absl::Hours(1));
  retrainer_->Poll();
  EXPECT_EQ(retrainer_->List().size(), 1u);
}

TEST_F(RetrainerTest, StopCancelsWhatRunsAndWhatWaitsAndRefusesMore) {
  Record(TwoTastes(20, 10));
  Gate gate;
  on_change_ = [&](const TrainingRun& run) {
    if (run.phase == TrainingPhase::kReading) gate.Pass();
  };
  Make();
  const TrainingRun running = retrainer_->Start({}).value();
  gate.AwaitArrival();
  const TrainingRun waiting = retrainer_->Start({}).value();
  std::thread stopper([&] { retrainer_->Stop(); });
  while (retrainer_->Start({}).status().code() != absl::StatusCode::kUnavailable) std::this_thread::yield();
  gate.Open();
  stopper.join();
  retrainer_->Stop();
  EXPECT_EQ(retrainer_->Get(running.id).value().state, TrainingState::kCancelled);
  EXPECT_EQ(retrainer_->Get(waiting.id).value().state, TrainingState::kCancelled);
  EXPECT_EQ(snapshots.Get(), nullptr);
}

TEST_F(RetrainerTest, ReadersSeeWholeVersionsWhileModelsAreSwapped) {
  Record(TwoTastes(20, 10));
  options_.validation_fraction = 0.0;
  Make();
  Train();
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  std::thread reader([&] {
    LowerThreadPriority();  // to the trainer's, whom a reader that never rests would keep from a processor
    while (!done.load()) {
      const auto snapshot = snapshots.Get();
      // Run n has n + 3 factors and makes version n.
      torn += snapshot->version() != absl::StrFormat("v%06d", snapshot->model().factors() - 3);
      RetrievalQuery query;
      query.vector = snapshot->model().users().Row(0);
      torn += snapshot->index().TopK(query).size() != 10;
    }
  });
  for (int n = 2; n <= 21; ++n) {
    TrainingRequest request;
    request.als = SmallAls();
    request.als->hyperparameters.factors = n + 3;
    EXPECT_EQ(Train(request).state, TrainingState::kSucceeded);
  }
  done = true;
  reader.join();
  EXPECT_EQ(torn.load(), 0);
  snapshots.WaitForRetired();
  EXPECT_EQ(snapshots.retired(), 0);
}

}  // namespace
}  // namespace ridgeline
