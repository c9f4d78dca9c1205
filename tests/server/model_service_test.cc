#include "server/model_service.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tests/server/training_world.h"

namespace ridgeline {
namespace {

class ModelServiceTest : public testing::Test {
 protected:
  absl::StatusOr<v1::Model> Get(const std::string& version) {
    v1::GetModelRequest request;
    request.set_version(version);
    return service_.GetModel(request, CallInfo());
  }

  absl::StatusOr<v1::Model> Activate(const std::string& version) {
    v1::ActivateModelRequest request;
    request.set_version(version);
    return service_.ActivateModel(request, CallInfo());
  }

  absl::StatusOr<v1::Experiment> Split(const std::string& candidate, double share) {
    v1::SetExperimentRequest request;
    request.set_candidate_version(candidate);
    request.set_share(share);
    return service_.SetExperiment(request, CallInfo());
  }

  TrainingWorld world_;
  int model_changes_ = 0;
  ModelService service_{ModelServiceParts{
      world_.retrainer.get(), world_.stores.models.get(), &world_.snapshots, world_.stores.log.get(),
      world_.stores.catalog.get(), &world_.clock, world_.clock.Now(), [this] { ++model_changes_; }}};
};

TEST_F(ModelServiceTest, ThereMayBeNoModel) {
  EXPECT_TRUE(absl::IsNotFound(Get("").status()));
  EXPECT_TRUE(absl::IsNotFound(Get("v000001").status()));
  EXPECT_EQ(service_.ListModels(v1::ListModelsRequest(), CallInfo())->models_size(), 0);
}

TEST_F(ModelServiceTest, DescribesTheLiveModelAndOthers) {
  world_.Publish();
  world_.Serve();
  const auto live = Get("");
  ASSERT_TRUE(live.ok()) << live.status();
  EXPECT_EQ(live->version(), "v000002");
  EXPECT_TRUE(live->live());
  EXPECT_EQ(live->user_count(), 2);
  EXPECT_EQ(live->item_count(), 4);
  EXPECT_EQ(live->hyperparameters().factors(), 2);
  const auto other = Get("v000001");
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_FALSE(other->live());
}

TEST_F(ModelServiceTest, PagesThroughModelsNewestFirst) {
  for (int i = 0; i < 5; ++i) world_.Publish();
  for (const int page_size : {1, 2, 4, 5, 6}) {
    v1::ListModelsRequest request;
    request.set_page_size(page_size);
    std::vector<std::string> versions;
    do {
      const auto page = service_.ListModels(request, CallInfo());
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::Model& model : page->models()) versions.push_back(model.version());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(versions, (std::vector<std::string>{"v000005", "v000004", "v000003", "v000002", "v000001"}));
  }
}

TEST_F(ModelServiceTest, ActivatesBackAndForward) {
  world_.Publish();
  world_.Serve();
  const auto back = Activate("v000001");
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_TRUE(back->live());
  EXPECT_EQ(world_.snapshots.Get()->version(), "v000001");
  EXPECT_EQ(world_.stores.models->LiveVersion().value(), "v000001");
  EXPECT_EQ(model_changes_, 1);
  EXPECT_TRUE(Activate("v000002").ok());
  EXPECT_EQ(world_.snapshots.Get()->version(), "v000002");
}

TEST_F(ModelServiceTest, SplitsUsersUntilTheExperimentEnds) {
  world_.Serve();
  world_.Publish();
  EXPECT_TRUE(absl::IsNotFound(service_.GetExperiment({}, CallInfo()).status()));
  EXPECT_TRUE(absl::IsNotFound(service_.EndExperiment({}, CallInfo()).status()));
  const auto set = Split("v000002", 0.25);
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->id(), "v000001-v000002");
  EXPECT_EQ(set->live_version(), "v000001");
  EXPECT_EQ(set->share(), 0.25);
  EXPECT_EQ(set->start_time().seconds(), absl::ToUnixSeconds(world_.clock.Now()));
  EXPECT_EQ(service_.GetExperiment({}, CallInfo())->id(), set->id());
  EXPECT_EQ(service_.GetServerStatus({}, CallInfo())->experiment().candidate_version(), "v000002");
  EXPECT_EQ(service_.EndExperiment({}, CallInfo())->id(), set->id());
  EXPECT_TRUE(absl::IsNotFound(service_.GetExperiment({}, CallInfo()).status()));
  EXPECT_FALSE(service_.GetServerStatus({}, CallInfo())->has_experiment());
}

TEST_F(ModelServiceTest, RefusesAnExperimentThatCannotRunByTheField) {
  EXPECT_TRUE(absl::IsFailedPrecondition(Split("v000001", 0.5).status())) << "no model is live";
  world_.Serve();
  world_.Publish();
  EXPECT_EQ(Split("v000002", 0.0).status().message().substr(0, 6), "share:");
  EXPECT_EQ(Split("", 0.5).status().message().substr(0, 18), "candidate_version:");
  EXPECT_TRUE(absl::IsFailedPrecondition(Split("v000001", 0.5).status())) << "it is live already";
  EXPECT_TRUE(absl::IsNotFound(Split("v000009", 0.5).status()));
  EXPECT_TRUE(absl::IsNotFound(Split("../models/v000002", 0.5).status()));
  EXPECT_TRUE(absl::IsNotFound(service_.GetExperiment({}, CallInfo()).status()));
}

TEST_F(ModelServiceTest, NoVersionReachesBeyondTheStore) {
  world_.Serve();
  EXPECT_TRUE(absl::IsInvalidArgument(Activate("").status()));
  for (const char* version : {"v000009", "../models/v000001", "v", "v1/..", "LIVE", "v00000a", "w000001",
                              "v99999999999999999999999999999999999999"}) {
    EXPECT_TRUE(absl::IsNotFound(Activate(version).status())) << version;
  }
  EXPECT_EQ(world_.snapshots.Get()->version(), "v000001");
}

TEST_F(ModelServiceTest, TrainsWhatWasRecorded) {
  EXPECT_TRUE(
      absl::IsFailedPrecondition(service_.StartTraining(v1::StartTrainingRequest(), CallInfo()).status()));
  world_.Record();
  const auto started = service_.StartTraining(v1::StartTrainingRequest(), CallInfo());
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_EQ(started->trigger(), v1::TRAINING_TRIGGER_REQUEST);
  EXPECT_EQ(started->hyperparameters().factors(), 2);
  const TrainingRun ended = world_.WaitForEnd();
  ASSERT_EQ(ended.state, TrainingState::kSucceeded) << ended.error;
  v1::GetTrainingRequest request;
  request.set_training_id(started->id());
  const auto training = service_.GetTraining(request, CallInfo());
  ASSERT_TRUE(training.ok());
  EXPECT_EQ(training->state(), v1::TRAINING_STATE_SUCCEEDED);
  EXPECT_EQ(training->mode(), v1::TRAINING_MODE_FULL);
  EXPECT_EQ(training->model_version(), "v000001");
  EXPECT_EQ(Get("")->user_count(), 10);
  EXPECT_EQ(Get("")->trained_through_sequence(), 60);
}

TEST_F(ModelServiceTest, RefusesWrongHyperparametersByName) {
  world_.Record();
  v1::StartTrainingRequest request;
  request.mutable_hyperparameters()->set_regularization(std::numeric_limits<double>::quiet_NaN());
  const absl::Status status = service_.StartTraining(request, CallInfo()).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message().substr(0, 31), "hyperparameters.regularization:");
  EXPECT_TRUE(world_.retrainer->List().empty());
}

TEST_F(ModelServiceTest, CancellingAnEndedTrainingIsNoError) {
  v1::CancelTrainingRequest request;
  EXPECT_TRUE(absl::IsInvalidArgument(service_.CancelTraining(request, CallInfo()).status()));
  request.set_training_id("t000001");
  EXPECT_TRUE(absl::IsNotFound(service_.CancelTraining(request, CallInfo()).status()));
  world_.Record();
  request.set_training_id(service_.StartTraining(v1::StartTrainingRequest(), CallInfo())->id());
  world_.WaitForEnd();
  const auto cancelled = service_.CancelTraining(request, CallInfo());
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state(), v1::TRAINING_STATE_SUCCEEDED);
}

TEST_F(ModelServiceTest, StatusTellsWhatThereIs) {
  auto status = service_.GetServerStatus(v1::GetServerStatusRequest(), CallInfo());
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_FALSE(status->has_live_model());
  EXPECT_FALSE(status->has_latest_training());
  world_.Record();
  world_.Serve();
  world_.clock.Advance(absl::Seconds(30));
  status = service_.GetServerStatus(v1::GetServerStatusRequest(), CallInfo());
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->uptime().seconds(), 30);
  EXPECT_EQ(status->model_age().seconds(), 30);
  EXPECT_EQ(status->live_model().version(), "v000001");
  EXPECT_EQ(status->user_count(), 2);
  EXPECT_EQ(status->interaction_count(), 60);
  EXPECT_EQ(status->last_sequence(), 60);
  EXPECT_EQ(status->model_count(), 1);
}

}  // namespace
}  // namespace ridgeline
