#include "server/state_metrics.h"

#include <memory>

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
      &world_.snapshots, world_.stores.log.get(), world_.stores.catalog.get(), world_.retrainer.get(),
      &world_.clock, absl::FromUnixMillis(1'500), world_.dir.path()});
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
  EXPECT_THAT(world_.metrics.Serialize(), Not(HasSubstr("ridgeline_validation_")));
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
