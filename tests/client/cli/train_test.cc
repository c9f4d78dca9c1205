#include <vector>

#include "gmock/gmock.h"
#include "ridgeline/v1/model_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class TrainCommandTest : public CliTest {
 protected:
  TrainCommandTest() {
    v1::Training started;
    started.set_id("t1");
    started.set_state(v1::TRAINING_STATE_QUEUED);
    server_.Respond(started);
    v1::Model model;
    model.set_version("v000002");
    server_.Respond(model);
  }

  // Lets a watched training run and end in `end`.
  void EndIn(v1::TrainingState end) {
    std::vector<v1::Training> trainings(2);
    trainings[0].set_state(v1::TRAINING_STATE_RUNNING);
    trainings[1].set_state(end);
    trainings[1].set_model_version(end == v1::TRAINING_STATE_SUCCEEDED ? "v000002" : "");
    trainings[1].set_error(end == v1::TRAINING_STATE_FAILED ? "singular system" : "");
    if (end == v1::TRAINING_STATE_HELD_BACK)
      trainings[1].mutable_validation()->set_reason("worse than v000001");
    server_.SetTrainings(trainings);
  }

  v1::StartTrainingRequest Sent() const { return server_.Last<v1::StartTrainingRequest>(); }
};

TEST_F(TrainCommandTest, QueuesATrainingAsTheServerIsConfigured) {
  EXPECT_EQ(Run({"train"}).out, "training t1  QUEUED\n");
  EXPECT_EQ(Sent().ByteSizeLong(), 0u);
}

TEST_F(TrainCommandTest, SendsEveryOverride) {
  const CliRun run = Run({"train",
                          "--cold",
                          "--feedback",
                          "implicit",
                          "--factors",
                          "128",
                          "--regularization",
                          "0.01",
                          "--bias-regularization",
                          "2",
                          "--regularization-scaling",
                          "frequency",
                          "--frequency-exponent",
                          "0.5",
                          "--unobserved-weight",
                          "0.1",
                          "--confidence-scale",
                          "40",
                          "--confidence-form",
                          "hu",
                          "--iterations",
                          "20",
                          "--seed",
                          "18446744073709551615",
                          "--tolerance",
                          "1e-4"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  const v1::Hyperparameters h = Sent().hyperparameters();
  EXPECT_EQ(Sent().mode(), v1::TRAINING_MODE_FULL);
  EXPECT_EQ(h.feedback_kind(), v1::FEEDBACK_KIND_IMPLICIT);
  EXPECT_EQ(h.factors(), 128);
  EXPECT_EQ(h.regularization(), 0.01);
  EXPECT_EQ(h.bias_regularization(), 2);
  EXPECT_EQ(h.regularization_scaling(), v1::REGULARIZATION_SCALING_FREQUENCY);
  EXPECT_EQ(h.frequency_exponent(), 0.5);
  EXPECT_EQ(h.unobserved_weight(), 0.1);
  EXPECT_EQ(h.confidence_scale(), 40);
  EXPECT_EQ(h.confidence_form(), v1::CONFIDENCE_FORM_HU);
  EXPECT_EQ(Sent().iterations(), 20);
  EXPECT_EQ(Sent().seed(), UINT64_MAX);
  EXPECT_EQ(Sent().tolerance(), 1e-4);
}

TEST_F(TrainCommandTest, SendsWhatEventsAndScoresAreMadeOf) {
  const CliRun run = Run({"train", "--confidence-scaling", "log", "--confidence-epsilon", "0.5",
                          "--event-type-weights", "click=1,a=b=2.5", "--half-life-days", "30",
                          "--implicit-biases", "true", "--non-negative", "false"});
  ASSERT_EQ(run.code, ExitCode::kOk) << run.err;
  const v1::Hyperparameters h = Sent().hyperparameters();
  EXPECT_EQ(h.confidence_scaling(), v1::CONFIDENCE_SCALING_LOG);
  EXPECT_EQ(h.confidence_epsilon(), 0.5);
  EXPECT_EQ(h.event_type_weights().weights().at("click"), 1.0);
  EXPECT_EQ(h.event_type_weights().weights().at("a=b"), 2.5);
  EXPECT_EQ(h.half_life_days(), 30.0);
  EXPECT_TRUE(h.implicit_biases());
  EXPECT_TRUE(h.has_non_negative());
  EXPECT_FALSE(h.non_negative());
}

TEST_F(TrainCommandTest, AnEmptyListOfEventTypeWeightsIsSentToClearTheServers) {
  ASSERT_EQ(Run({"train", "--event-type-weights", ""}).code, ExitCode::kOk);
  EXPECT_TRUE(Sent().hyperparameters().has_event_type_weights());
  EXPECT_EQ(Run({"train", "--event-type-weights", "click"}).code, ExitCode::kUsage);
}

TEST_F(TrainCommandTest, SendsARegularizationOfZeroForTheServerToRefuse) {
  Run({"train", "--warm", "--regularization", "0"});
  EXPECT_TRUE(Sent().hyperparameters().has_regularization());
  EXPECT_EQ(Sent().mode(), v1::TRAINING_MODE_WARM);
}

TEST_F(TrainCommandTest, WatchesUntilTheNewModelIsThere) {
  EndIn(v1::TRAINING_STATE_SUCCEEDED);
  const CliRun run = Run({"train", "--watch"});
  EXPECT_EQ(run.code, ExitCode::kOk) << run.err;
  EXPECT_EQ(server_.Last<v1::WatchTrainingRequest>().training_id(), "t1");
  EXPECT_EQ(server_.Last<v1::GetModelRequest>().version(), "v000002");
  EXPECT_THAT(run.err, HasSubstr("training t1  SUCCEEDED  model v000002\n"));
  EXPECT_THAT(run.out, HasSubstr("version          v000002\n"));
}

TEST_F(TrainCommandTest, StreamsOneObjectALineForScripts) {
  EndIn(v1::TRAINING_STATE_SUCCEEDED);
  const CliRun run = Run({"train", "--watch", "--json"});
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 2);
  EXPECT_EQ(run.err, "");
}

TEST_F(TrainCommandTest, FailsWhenTheTrainingDoes) {
  EndIn(v1::TRAINING_STATE_FAILED);
  CliRun run = Run({"train", "--watch"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_THAT(run.err, HasSubstr("singular system"));
  EndIn(v1::TRAINING_STATE_HELD_BACK);
  run = Run({"train", "--watch"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed) << "what was asked for does not serve";
  EXPECT_THAT(run.err, HasSubstr("worse than v000001"));
  EndIn(v1::TRAINING_STATE_CANCELLED);
  run = Run({"train", "--watch", "--json"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
}

}  // namespace
}  // namespace ridgeline
