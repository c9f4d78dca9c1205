#include "server/state_metrics.h"

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/training_world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::Not;

class StateMetricsTest : public testing::Test {
 protected:
  StateMetricsTest() { world_.metrics.AddSource(source_); }

  TrainingWorld world_;
  std::shared_ptr<StateMetrics> source_ = std::make_shared<StateMetrics>(StateMetricsParts{
      &world_.snapshots, world_.stores.log.get(), world_.stores.catalog.get(), world_.stores.models.get(),
      world_.retrainer.get(), &world_.clock, absl::FromUnixMillis(1'500), world_.dir.path()});
};

TEST_F(StateMetricsTest, ShowNoModelBeforeThereIsOne) {
  const std::string text = world_.metrics.Serialize();
  EXPECT_THAT(text, Not(HasSubstr("ridgeline_model_")));
  EXPECT_THAT(text, HasSubstr("ridgeline_catalog_items 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_interactions_stored 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_phase{phase=\"idle\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_phase{phase=\"training\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_iteration 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_progress_ratio 0\n"));
  EXPECT_THAT(text, HasSubstr("process_start_time_seconds 1.5\n"));
}

TEST_F(StateMetricsTest, ShowTheModelThatAnswers) {
  world_.Publish();
  world_.Serve();
  world_.Record();
  world_.clock.Advance(absl::Seconds(90));
  const std::string text = world_.metrics.Serialize();
  EXPECT_THAT(text,
              HasSubstr("ridgeline_model_info{version=\"v000002\",algorithm=\"als\",arm=\"live\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_experiment_share 0\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_model_version 2\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_model_age_seconds 90\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_model_users 2\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_model_items 4\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_interactions_stored 60\n"));
}

TEST_F(StateMetricsTest, ShowTheCandidateOfAnExperiment) {
  world_.Serve();
  world_.Split(world_.Publish(), 0.25);
  const std::string text = world_.metrics.Serialize();
  EXPECT_THAT(text, HasSubstr("{version=\"v000002\",algorithm=\"als\",arm=\"candidate\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_experiment_share 0.25\n"));
}

TEST_F(StateMetricsTest, ShowWhatTheNewestModelWasFoundToBe) {
  EXPECT_THAT(world_.metrics.Serialize(), Not(HasSubstr("ridgeline_validation_score")));
  std::vector<Interaction> interactions;
  for (int i = 0; i < 800; ++i) {
    Interaction interaction;
    interaction.user_id = absl::StrCat("user", i % 40);
    interaction.item_id = absl::StrCat("item", i % 2 + 2 * (i * 7 % 19));
    interaction.time = absl::FromUnixSeconds(i);
    interactions.push_back(interaction);
  }
  ASSERT_TRUE(world_.stores.log->Append(interactions).ok());
  ASSERT_TRUE(world_.retrainer->Start({}).ok());
  const TrainingRun run = world_.WaitForEnd();
  ASSERT_TRUE(run.state == TrainingState::kSucceeded || run.state == TrainingState::kHeldBack) << run.error;
  const std::string text = world_.metrics.Serialize();
  EXPECT_THAT(text, HasSubstr(absl::StrCat("ridgeline_validation_held_back ",
                                           run.state == TrainingState::kHeldBack ? 1 : 0, "\n")));
  EXPECT_THAT(text, HasSubstr("ridgeline_validation_score{metric=\"ndcg@20\",of=\"model\"} "));
  EXPECT_THAT(text, HasSubstr("ridgeline_validation_score{metric=\"ndcg@20\",of=\"baseline\"} "));
  EXPECT_THAT(text, Not(HasSubstr("of=\"live\""))) << "none was live";
}

// Nothing was trained since the start here: this is what a server shows that has just been restarted.
TEST_F(StateMetricsTest, TellOfAModelHeldBackAfterARestartAndNoLongerOnceItIsServed) {
  const auto held_back = [this] {
    const std::string text = world_.metrics.Serialize();
    const bool no = absl::StrContains(text, "ridgeline_validation_held_back 0\n");
    EXPECT_NE(no, absl::StrContains(text, "ridgeline_validation_held_back 1\n"));
    return !no;
  };
  const auto publish = [this](const std::string& why_held_back) {
    ModelInfo info;
    info.algorithm = "als";
    info.held_back = why_held_back;
    return world_.stores.models->Publish(*World::SmallModel(), info).value().version;
  };
  EXPECT_FALSE(held_back()) << "there is no model";
  world_.Serve();
  EXPECT_FALSE(held_back());
  const std::string worse = publish("worse than v000001");
  EXPECT_TRUE(held_back());
  ASSERT_TRUE(world_.retrainer->Activate(worse).ok());
  EXPECT_FALSE(held_back()) << "it is live";
  ASSERT_TRUE(world_.retrainer->Activate("v000001").ok());
  EXPECT_TRUE(held_back()) << "it was taken back";
  world_.Split(worse, 0.5);
  EXPECT_FALSE(held_back()) << "it is being tried";
  ASSERT_TRUE(world_.retrainer->EndExperiment().ok());
  EXPECT_TRUE(held_back());
  publish("");
  EXPECT_FALSE(held_back()) << "a newer one was not";
}

TEST_F(StateMetricsTest, ANewestModelThatCannotBeReadIsPassedOver) {
  world_.Serve();
  ModelInfo info;
  info.held_back = "worse than v000001";
  ASSERT_TRUE(world_.stores.models->Publish(*World::SmallModel(), info).ok());
  const std::string newest = world_.Publish();
  const std::string manifest = absl::StrCat(world_.dir.path(), "/models/", newest, "/manifest.json");
  EXPECT_THAT(world_.metrics.Serialize(), HasSubstr("ridgeline_validation_held_back 0\n"));
  std::ofstream(manifest) << "{";
  EXPECT_THAT(world_.metrics.Serialize(), HasSubstr("ridgeline_validation_held_back 1\n"));
}

TEST_F(StateMetricsTest, ShowTheDiskOfTheDataFolder) {
  double size = 0;
  double free = -1;
  for (const prometheus::MetricFamily& family : source_->Collect()) {
    if (family.name == "ridgeline_data_disk_bytes") size = family.metric.at(0).gauge.value;
    if (family.name == "ridgeline_data_disk_free_bytes") free = family.metric.at(0).gauge.value;
  }
  EXPECT_GT(size, 0);
  EXPECT_GE(free, 0);
  EXPECT_LE(free, size);
}

TEST_F(StateMetricsTest, TheProcessUsesMemory) {
  for (const prometheus::MetricFamily& family : source_->Collect()) {
    if (family.name != "process_resident_memory_bytes") continue;
    EXPECT_GT(family.metric.at(0).gauge.value, 1e6);
  }
}

}  // namespace
}  // namespace ridgeline
