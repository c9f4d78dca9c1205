#include "core/training/training_registry.h"

#include <thread>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

class TrainingRegistryTest : public testing::Test {
 protected:
  TrainingRun Add() { return registry_.Add(registry_.NewId(), {}); }

  TrainingRun SetState(const std::string& id, TrainingState state) {
    return registry_.Update(id, [&](TrainingRun& run) { run.state = state; });
  }

  ManualClock clock_{absl::FromUnixSeconds(100)};
  std::vector<TrainingRun> changes_;
  TrainingRegistry registry_{
      &clock_, [this](const TrainingRun& run) {
        changes_.push_back(registry_.Get(run.id).value());  // would deadlock under its lock
      }};
};

TEST_F(TrainingRegistryTest, GivesIdsInOrderAndListsNewestFirst) {
  EXPECT_EQ(Add().id, "t000001");
  EXPECT_EQ(Add().id, "t000002");
  ASSERT_EQ(registry_.List().size(), 2u);
  EXPECT_EQ(registry_.List()[0].id, "t000002");
  EXPECT_EQ(registry_.Get("").value().id, "t000002");
  EXPECT_EQ(registry_.Get("t000001").value().id, "t000001");
}

TEST_F(TrainingRegistryTest, KnowsNoOtherRuns) {
  EXPECT_EQ(registry_.Get("").status().code(), absl::StatusCode::kNotFound);
  Add();
  EXPECT_EQ(registry_.Get("t000009").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(registry_.WaitForChange("t000009", 0, absl::InfiniteDuration()).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(TrainingRegistryTest, StampsCreationStartAndEnd) {
  const std::string id = Add().id;
  clock_.Advance(absl::Seconds(1));
  SetState(id, TrainingState::kRunning);
  clock_.Advance(absl::Seconds(1));
  registry_.Update(id, [](TrainingRun& run) { run.phase = TrainingPhase::kTraining; });
  const TrainingRun run = SetState(id, TrainingState::kSucceeded);
  EXPECT_EQ(run.create_time, absl::FromUnixSeconds(100));
  EXPECT_EQ(run.start_time, absl::FromUnixSeconds(101));
  EXPECT_EQ(run.end_time, absl::FromUnixSeconds(102));
  EXPECT_EQ(run.revision, 4);
}

TEST_F(TrainingRegistryTest, AnEndedRunChangesNoMore) {
  const std::string id = Add().id;
  SetState(id, TrainingState::kCancelled);
  SetState(id, TrainingState::kRunning);
  EXPECT_EQ(registry_.Get(id).value().state, TrainingState::kCancelled);
}

TEST_F(TrainingRegistryTest, TellsEveryChange) {
  const std::string id = Add().id;
  SetState(id, TrainingState::kRunning);
  SetState(id, TrainingState::kFailed);
  ASSERT_EQ(changes_.size(), 3u);
  EXPECT_EQ(changes_[0].state, TrainingState::kQueued);
  EXPECT_EQ(changes_[1].state, TrainingState::kRunning);
  EXPECT_EQ(changes_[2].state, TrainingState::kFailed);
}

TEST_F(TrainingRegistryTest, RemembersTheLastHundred) {
  for (int i = 0; i < 150; ++i) SetState(Add().id, TrainingState::kSucceeded);
  EXPECT_EQ(registry_.List().size(), 100u);
  EXPECT_FALSE(registry_.Get("t000050").ok());
  EXPECT_TRUE(registry_.Get("t000051").ok());
}

TEST_F(TrainingRegistryTest, ForgetsNoRunThatHasNotEnded) {
  const std::string running = SetState(Add().id, TrainingState::kRunning).id;
  for (int i = 0; i < 150; ++i) SetState(Add().id, TrainingState::kCancelled);
  EXPECT_EQ(registry_.List().size(), 100u);
  EXPECT_EQ(registry_.Get(running).value().state, TrainingState::kRunning);
  EXPECT_EQ(SetState(running, TrainingState::kSucceeded).id, running);
}

TEST_F(TrainingRegistryTest, WaitReturnsAtOnceWhenTheRunChangedAlready) {
  const TrainingRun run = Add();
  SetState(run.id, TrainingState::kRunning);
  EXPECT_EQ(registry_.WaitForChange(run.id, run.revision, absl::InfiniteDuration()).value().revision,
            run.revision + 1);
}

TEST_F(TrainingRegistryTest, WaitReturnsAtOnceWhenTheRunEnded) {
  const TrainingRun run = SetState(Add().id, TrainingState::kFailed);
  EXPECT_TRUE(registry_.WaitForChange(run.id, run.revision, absl::InfiniteDuration()).value().ended());
}

TEST_F(TrainingRegistryTest, WaitReturnsTheRunUnchangedAfterTheTimeout) {
  const TrainingRun run = Add();
  EXPECT_EQ(registry_.WaitForChange(run.id, run.revision, absl::Milliseconds(1)).value().revision,
            run.revision);
}

TEST_F(TrainingRegistryTest, WaitIsWokenByAChange) {
  const TrainingRun run = Add();
  std::thread changer([&] { SetState(run.id, TrainingState::kRunning); });
  EXPECT_EQ(registry_.WaitForChange(run.id, run.revision, absl::Minutes(5)).value().state,
            TrainingState::kRunning);
  changer.join();
}

}  // namespace
}  // namespace ridgeline
