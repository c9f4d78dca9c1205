#include "server/convert_training.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ConvertTraining, AnEmptyRequestLeavesTheOptionsToTheServer) {
  const auto request = FromProto(v1::StartTrainingRequest(), AlsOptions());
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->start, TrainingStart::kAutomatic);
  EXPECT_FALSE(request->als.has_value());
}

TEST(ConvertTraining, OverridesKeepWhatTheyDoNotSet) {
  AlsOptions configured;
  configured.iterations = 9;
  configured.hyperparameters.factors = 12;
  v1::StartTrainingRequest message;
  message.set_seed(5);
  message.set_mode(v1::TRAINING_MODE_FULL);
  const auto request = FromProto(message, configured);
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->start, TrainingStart::kCold);
  ASSERT_TRUE(request->als.has_value());
  EXPECT_EQ(request->als->seed, 5u);
  EXPECT_EQ(request->als->iterations, 9);
  EXPECT_EQ(request->als->hyperparameters.factors, 12);
}

TEST(ConvertTraining, NamesTheWrongField) {
  v1::StartTrainingRequest message;
  message.set_mode(static_cast<v1::TrainingMode>(9));
  EXPECT_EQ(FromProto(message, {}).status().message().substr(0, 5), "mode:");
  message.set_mode(v1::TRAINING_MODE_WARM);
  message.set_iterations(0);
  EXPECT_EQ(FromProto(message, {}).status().message().substr(0, 11), "iterations:");
  message.set_iterations(1);
  for (const double wrong : {-0.1, 1.0, 0.0 / 0.0}) {
    message.set_tolerance(wrong);
    EXPECT_EQ(FromProto(message, {}).status().message().substr(0, 10), "tolerance:") << wrong;
  }
}

TEST(ConvertTraining, AQueuedRunHasNoTimesButItsCreation) {
  TrainingRun run;
  run.id = "t000001";
  run.create_time = absl::FromUnixSeconds(100);
  run.start_time = absl::InfinitePast();
  run.end_time = absl::InfinitePast();
  const v1::Training message = ToProto(run, AlsOptions());
  EXPECT_EQ(message.state(), v1::TRAINING_STATE_QUEUED);
  EXPECT_EQ(message.create_time().seconds(), 100);
  EXPECT_FALSE(message.has_start_time());
  EXPECT_FALSE(message.has_end_time());
  EXPECT_FALSE(message.has_objective());
  EXPECT_FALSE(message.has_eta());
  EXPECT_EQ(message.mode(), v1::TRAINING_MODE_UNSPECIFIED);
}

TEST(ConvertTraining, ARunningTrainingShowsItsProgress) {
  TrainingRun run;
  run.state = TrainingState::kRunning;
  run.phase = TrainingPhase::kTraining;
  run.iteration = 3;
  run.iterations = 10;
  run.objective = 12.5;
  run.eta = absl::Seconds(7);
  run.warm = true;
  const v1::Training message = ToProto(run, AlsOptions());
  EXPECT_EQ(message.phase(), v1::TRAINING_PHASE_TRAINING);
  EXPECT_EQ(message.objective(), 12.5);
  EXPECT_EQ(message.eta().seconds(), 7);
  EXPECT_EQ(message.mode(), v1::TRAINING_MODE_WARM);
}

TEST(ConvertTraining, AFailureTellsWhy) {
  TrainingRun run;
  run.state = TrainingState::kFailed;
  run.error = absl::UnavailableError("the disk is full");
  const v1::Training message = ToProto(run, AlsOptions());
  EXPECT_EQ(message.state(), v1::TRAINING_STATE_FAILED);
  EXPECT_EQ(message.error(), "the disk is full");
  EXPECT_TRUE(message.has_end_time());
}

TEST(ConvertTraining, AModelThatIsHeldBackTellsWhyAndBothFigures) {
  TrainingRun run;
  run.state = TrainingState::kHeldBack;
  run.model_version = "v000003";
  run.verdict = {"ndcg@20", "popularity", 90, 0.25, 0.125, "v000002", 60, 0.5, 0.375, true, "worse"};
  const v1::Training message = ToProto(run, AlsOptions());
  EXPECT_EQ(message.state(), v1::TRAINING_STATE_HELD_BACK);
  EXPECT_EQ(message.model_version(), "v000003");
  EXPECT_TRUE(message.has_end_time());
  const v1::ModelValidation& validation = message.validation();
  EXPECT_EQ(validation.metric(), "ndcg@20");
  EXPECT_EQ(validation.baseline(), "popularity");
  EXPECT_EQ(validation.user_count(), 90);
  EXPECT_EQ(validation.model_score(), 0.25);
  EXPECT_EQ(validation.baseline_score(), 0.125);
  EXPECT_EQ(validation.live_version(), "v000002");
  EXPECT_EQ(validation.live_user_count(), 60);
  EXPECT_EQ(validation.live_score(), 0.5);
  EXPECT_EQ(validation.model_score_beside_live(), 0.375);
  EXPECT_TRUE(validation.held_back());
  EXPECT_EQ(validation.reason(), "worse");
  EXPECT_FALSE(ToProto(TrainingRun(), AlsOptions()).has_validation());
}

TEST(ConvertTraining, TheRunsOwnOptionsAreShown) {
  TrainingRun run;
  AlsOptions configured;
  configured.hyperparameters.factors = 10;
  EXPECT_EQ(ToProto(run, configured).hyperparameters().factors(), 10);
  run.request.als = AlsOptions();
  run.request.als->hyperparameters.factors = 20;
  EXPECT_EQ(ToProto(run, configured).hyperparameters().factors(), 20);
}

}  // namespace
}  // namespace ridgeline
