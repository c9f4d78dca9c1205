#include "server/server.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <spdlog/sinks/ostream_sink.h>

#include <filesystem>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/backup_service.grpc.pb.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "ridgeline/v1/recommendation_service.grpc.pb.h"
#include "tests/server/http_client.h"
#include "tests/server/raw_call.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    options_.data_dir = dir_.File("data");
    options_.grpc_address = "127.0.0.1:0";
    options_.http_address = "127.0.0.1:0";
    options_.ports_file = dir_.File("ports.json");
    options_.allow_empty_start = true;
    options_.retrainer.als.hyperparameters.factors = 4;
    options_.retrainer.als.iterations = 2;
  }

  std::unique_ptr<Server> Start() {
    auto server = Server::Start(options_, &logger_, &clock_);
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }

  static std::shared_ptr<grpc::Channel> ChannelTo(const Server& server) {
    return grpc::CreateChannel(absl::StrCat("127.0.0.1:", server.grpc_port()),
                               grpc::InsecureChannelCredentials());
  }

  // What grpc.health.v1 says: 1 is SERVING, 2 NOT_SERVING.
  static int Health(const Server& server) {
    grpc::ByteBuffer response;
    EXPECT_TRUE(CallWithBytes(ChannelTo(server), "/grpc.health.v1.Health/Check", "", "", &response).ok());
    std::vector<grpc::Slice> slices;
    EXPECT_TRUE(response.Dump(&slices).ok());
    // Field 1, a varint.
    return slices.empty() || slices[0].size() < 2 ? 0 : slices[0].begin()[1];
  }

  static void Record(const std::shared_ptr<grpc::Channel>& channel) {
    v1::RecordInteractionsRequest request;
    for (int i = 0; i < 40; ++i) {
      request.add_interactions()->set_user_id(absl::StrCat("u", i % 8));
      request.mutable_interactions(i)->set_item_id(absl::StrCat("i", (i * 3) % 11));
    }
    grpc::ClientContext context;
    v1::RecordInteractionsResponse response;
    const grpc::Status status =
        v1::InteractionService::NewStub(channel)->RecordInteractions(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  // Trains and waits for the end.
  static v1::Training Train(const std::shared_ptr<grpc::Channel>& channel) {
    const auto stub = v1::ModelService::NewStub(channel);
    v1::Training training;
    grpc::ClientContext start;
    EXPECT_TRUE(stub->StartTraining(&start, v1::StartTrainingRequest(), &training).ok());
    grpc::ClientContext watch;
    v1::WatchTrainingRequest request;
    request.set_training_id(training.id());
    const auto reader = stub->WatchTraining(&watch, request);
    while (reader->Read(&training)) {
    }
    EXPECT_TRUE(reader->Finish().ok());
    return training;
  }

  static grpc::Status Recommend(const std::shared_ptr<grpc::Channel>& channel,
                                v1::RecommendResponse* response) {
    grpc::ClientContext context;
    v1::RecommendRequest request;
    request.set_user_id("u1");
    return v1::RecommendationService::NewStub(channel)->Recommend(&context, request, response);
  }

  TempDir dir_;
  SystemClock clock_;
  std::ostringstream log_;
  Logger logger_{LogLevel::kInfo, &clock_, std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)};
  ServerOptions options_;
};

TEST_F(ServerTest, WritesItsPortsAndAnswersThere) {
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  const auto ports = nlohmann::json::parse(ReadFile(options_.ports_file).value());
  EXPECT_EQ(ports["grpc"], server->grpc_port());
  EXPECT_EQ(ports["http"], server->http_port());
  EXPECT_THAT(Http(server->http_port(), "GET", "/healthz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Http(server->http_port(), "GET", "/readyz"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(Health(*server), 1);
}

TEST_F(ServerTest, WithoutAModelItIsNotReadyUnlessAllowed) {
  options_.allow_empty_start = false;
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Health(*server), 2);
  EXPECT_THAT(Http(server->http_port(), "GET", "/readyz"), StartsWith("HTTP/1.1 503"));
  Record(ChannelTo(*server));
  Train(ChannelTo(*server));
  EXPECT_EQ(Health(*server), 1);
  EXPECT_THAT(Http(server->http_port(), "GET", "/readyz"), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, RecordsTrainsAndRecommendsAlsoAfterARestart) {
  auto server = Start();
  ASSERT_NE(server, nullptr);
  v1::RecommendResponse response;
  EXPECT_EQ(Recommend(ChannelTo(*server), &response).error_code(), grpc::FAILED_PRECONDITION);
  Record(ChannelTo(*server));
  const v1::Training training = Train(ChannelTo(*server));
  EXPECT_EQ(training.state(), v1::TRAINING_STATE_SUCCEEDED) << training.error();
  ASSERT_TRUE(Recommend(ChannelTo(*server), &response).ok());
  EXPECT_EQ(response.model_version(), "v000001");
  EXPECT_GT(response.recommendations_size(), 0);
  server.reset();
  server = Start();
  ASSERT_NE(server, nullptr);
  v1::RecommendResponse again;
  ASSERT_TRUE(Recommend(ChannelTo(*server), &again).ok());
  ASSERT_EQ(again.recommendations_size(), response.recommendations_size());
  EXPECT_EQ(again.recommendations(0).item_id(), response.recommendations(0).item_id());
  EXPECT_EQ(again.model_version(), "v000001");
}

TEST_F(ServerTest, LogsWhatHappensOneJsonObjectALine) {
  auto server = Start();
  ASSERT_NE(server, nullptr);
  Record(ChannelTo(*server));
  Train(ChannelTo(*server));
  server.reset();
  std::istringstream lines(log_.str());
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line)["event"]);
  EXPECT_EQ(events, (std::vector<std::string>{"server started", "training succeeded, model is live",
                                              "server shuts down", "server stopped"}));
}

TEST_F(ServerTest, MetricsShowWhatWasDone) {
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  Record(ChannelTo(*server));
  Train(ChannelTo(*server));
  v1::RecommendResponse response;
  EXPECT_TRUE(Recommend(ChannelTo(*server), &response).ok());
  const std::string text = Http(server->http_port(), "GET", "/metrics");
  EXPECT_THAT(text, HasSubstr("ridgeline_rpc_requests_total{code=\"OK\",method=\"Recommend\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_interactions_recorded_total 40\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_training_runs_total{result=\"succeeded\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_model_version 1\n"));
}

TEST_F(ServerTest, AModelOfPoisonedDataIsHeldBackAndToldOfEverywhere) {
  options_.retrainer.validation_fraction = 0.1;
  options_.retrainer.als.iterations = 4;
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  const auto channel = ChannelTo(*server);
  const auto record = [&](int count, const std::function<int(int)>& item_of, int64_t from) {
    v1::RecordInteractionsRequest request;
    for (int i = 0; i < count; ++i) {
      v1::Interaction* interaction = request.add_interactions();
      interaction->set_user_id(absl::StrCat("u", i % 60));
      interaction->set_item_id(absl::StrCat("i", item_of(i)));
      interaction->mutable_time()->set_seconds(from + i);
    }
    grpc::ClientContext context;
    v1::RecordInteractionsResponse response;
    const auto stub = v1::InteractionService::NewStub(channel);
    EXPECT_TRUE(stub->RecordInteractions(&context, request, &response).ok());
  };
  // Each user keeps to one of six dozens of items, then everybody takes anything.
  record(
      480, [](int i) { return i % 6 * 12 + (i / 60 * 5 + i * 7 % 11) % 12; }, 0);
  ASSERT_EQ(Train(channel).state(), v1::TRAINING_STATE_SUCCEEDED);
  Random random(1);
  record(
      900, [&](int) { return static_cast<int>(random.Below(72)); }, 1'000);
  const v1::Training training = Train(channel);
  EXPECT_EQ(training.state(), v1::TRAINING_STATE_HELD_BACK);
  EXPECT_EQ(training.model_version(), "v000002");
  EXPECT_TRUE(training.validation().held_back());
  EXPECT_EQ(training.validation().live_version(), "v000001");

  const auto models = v1::ModelService::NewStub(channel);
  v1::ListModelsResponse list;
  grpc::ClientContext context;
  ASSERT_TRUE(models->ListModels(&context, v1::ListModelsRequest(), &list).ok());
  ASSERT_EQ(list.models_size(), 2);
  EXPECT_EQ(list.models(0).held_back_reason(), training.validation().reason());
  EXPECT_FALSE(list.models(0).live());
  EXPECT_TRUE(list.models(1).live());
  const std::string text = Http(server->http_port(), "GET", "/metrics");
  EXPECT_THAT(text, HasSubstr("ridgeline_training_runs_total{result=\"held_back\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_validation_held_back 1\n"));
  EXPECT_THAT(text, HasSubstr("ridgeline_model_version 1\n"));
  EXPECT_THAT(log_.str(), HasSubstr(R"("event":"model held back")"));
  EXPECT_THAT(log_.str(), HasSubstr(R"("level":"warning")"));
  v1::ActivateModelRequest activate;
  activate.set_version("v000002");
  v1::Model model;
  grpc::ClientContext activation;
  EXPECT_TRUE(models->ActivateModel(&activation, activate, &model).ok());
  EXPECT_TRUE(model.live());
}

TEST_F(ServerTest, SaysInOneLineWhatCouldNotBeStarted) {
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  const auto error_of = [this](const ServerOptions& options) {
    const auto second = Server::Start(options, &logger_, &clock_);
    EXPECT_FALSE(second.ok());
    EXPECT_EQ(second.status().message().find('\n'), absl::string_view::npos);
    return std::string(second.status().message());
  };
  EXPECT_THAT(error_of(options_), HasSubstr(options_.data_dir));
  ServerOptions same_port = options_;
  same_port.data_dir = dir_.File("other");
  same_port.grpc_address = absl::StrCat("127.0.0.1:", server->grpc_port());
  EXPECT_THAT(error_of(same_port), HasSubstr(same_port.grpc_address));
  same_port.grpc_address = "127.0.0.1:0";
  same_port.http_address = absl::StrCat("127.0.0.1:", server->http_port());
  EXPECT_THAT(error_of(same_port), HasSubstr(same_port.http_address));
  same_port.http_address = "127.0.0.1:0";
  same_port.ports_file = "/no/such/folder/ports.json";
  EXPECT_THAT(error_of(same_port), HasSubstr("/no/such/folder/ports.json"));
}

TEST_F(ServerTest, ShutdownEndsWatchersAndIsIdempotent) {
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  Record(ChannelTo(*server));
  const auto stub = v1::ModelService::NewStub(ChannelTo(*server));
  v1::StartTrainingRequest request;
  request.set_iterations(10'000);
  request.mutable_hyperparameters()->set_factors(128);
  v1::Training training;
  grpc::ClientContext start;
  ASSERT_TRUE(stub->StartTraining(&start, request, &training).ok());
  grpc::ClientContext watch;
  const auto reader = stub->WatchTraining(&watch, v1::WatchTrainingRequest());
  ASSERT_TRUE(reader->Read(&training));
  std::future<void> shutdown = std::async(std::launch::async, [&server] { server->Shutdown(); });
  while (reader->Read(&training)) {
  }
  reader->Finish();
  EXPECT_EQ(training.state(), v1::TRAINING_STATE_CANCELLED);
  shutdown.get();
  server->Shutdown();
}

TEST_F(ServerTest, ABackupWhoseClientTakesNothingDoesNotHoldUpTheShutdown) {
  options_.drain_timeout = absl::Milliseconds(10);
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  const auto channel = ChannelTo(*server);
  Record(channel);
  ASSERT_EQ(Train(channel).state(), v1::TRAINING_STATE_SUCCEEDED);
  // More than all buffers on the way to a client take.
  const std::string large = dir_.Write("data/models/v000001/large", "");
  std::filesystem::resize_file(large, 256 << 20);
  grpc::ClientContext context;
  const auto reader = v1::BackupService::NewStub(channel)->CreateBackup(&context, v1::CreateBackupRequest());
  v1::CreateBackupResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_TRUE(std::filesystem::exists(dir_.File("data/tmp.backup")));
  server->Shutdown();
  EXPECT_FALSE(std::filesystem::exists(dir_.File("data/tmp.backup")));
  bool ended = false;
  while (reader->Read(&message)) ended = ended || message.has_end();
  EXPECT_FALSE(ended);
  EXPECT_FALSE(reader->Finish().ok());
}

}  // namespace
}  // namespace ridgeline
