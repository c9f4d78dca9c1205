#include "gmock/gmock.h"
#include "grpc/health/v1/health.pb.h"
#include "ridgeline/v1/model_service.pb.h"
#include "tests/client/cli/run_cli.h"

namespace ridgeline {
namespace {

using grpc::health::v1::HealthCheckResponse;
using testing::HasSubstr;

class StatusCommandTest : public CliTest {
 protected:
  void SetHealth(HealthCheckResponse::ServingStatus status) {
    HealthCheckResponse response;
    response.set_status(status);
    server_.Respond(response);
  }
};

TEST_F(StatusCommandTest, PrintsWhatTheServerHolds) {
  v1::ServerStatus status;
  status.set_software_version("0.1.0");
  status.mutable_uptime()->set_seconds(302);
  status.mutable_live_model()->set_version("v000003");
  status.mutable_live_model()->set_algorithm("als");
  status.mutable_model_age()->set_seconds(65);
  status.set_user_count(1);
  status.set_interaction_count(100836);
  status.set_last_sequence(100836);
  status.set_catalog_item_count(9742);
  status.set_model_count(2);
  status.mutable_latest_training()->set_id("t1");
  status.mutable_latest_training()->set_state(v1::TRAINING_STATE_SUCCEEDED);
  server_.Respond(status);
  EXPECT_EQ(Run({"status"}).out,
            "server           ridgeline 0.1.0, up 5m 2s\n"
            "live model       v000003 (als, 0 factors, 1m 5s old)\n"
            "trained on       0 users, 0 items, 0 interactions\n"
            "kept models      2\n"
            "recorded         100,836 interactions of 1 user, last sequence 100836\n"
            "catalogue        9,742 items\n"
            "latest training  t1 SUCCEEDED\n");
}

TEST_F(StatusCommandTest, ShowsTheExperimentThatRuns) {
  v1::ServerStatus status;
  status.mutable_experiment()->set_id("july");
  server_.Respond(status);
  EXPECT_THAT(Run({"status"}).out, HasSubstr("experiment   july: "));
}

TEST_F(StatusCommandTest, SaysWhatToDoWithoutAModel) {
  EXPECT_THAT(Run({"status"}).out, HasSubstr("none: run `ridgeline train`"));
}

TEST_F(StatusCommandTest, HealthSucceedsOnlyWhenServing) {
  SetHealth(HealthCheckResponse::SERVING);
  CliRun run = Run({"health"});
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.out, "SERVING\n");
  SetHealth(HealthCheckResponse::NOT_SERVING);
  run = Run({"health", "--json"});
  EXPECT_EQ(run.code, ExitCode::kCallFailed);
  EXPECT_EQ(run.out, "{\"status\":\"NOT_SERVING\"}\n");
}

TEST_F(StatusCommandTest, HealthAsksForOneService) {
  SetHealth(HealthCheckResponse::SERVING);
  EXPECT_EQ(Run({"health", "ridgeline.v1.ModelService"}).code, ExitCode::kOk);
  EXPECT_EQ(server_.Last<grpc::health::v1::HealthCheckRequest>().service(), "ridgeline.v1.ModelService");
}

}  // namespace
}  // namespace ridgeline
