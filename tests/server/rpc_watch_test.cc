#include "server/rpc_watch.h"

#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "ridgeline/v1/model_service.grpc.pb.h"
#include "tests/server/access/test_keys.h"
#include "tests/server/in_process.h"
#include "tests/server/training_world.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

class WatchRpc final
    : public v1::ModelService::WithRawCallbackMethod_WatchTraining<v1::ModelService::Service> {
 public:
  explicit WatchRpc(WatchMethod* method) : method_(method) {}
  grpc::ServerWriteReactor<grpc::ByteBuffer>* WatchTraining(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request) override {
    return method_->Start(context, request);
  }

 private:
  WatchMethod* const method_;
};

class RpcWatchTest : public testing::Test {
 protected:
  // Trains and watches until the stream ends.
  grpc::Status Watch(const std::string& training_id, std::vector<v1::Training>* seen) {
    grpc::ClientContext context;
    v1::WatchTrainingRequest request;
    request.set_training_id(training_id);
    const auto reader = stub_->WatchTraining(&context, request);
    for (v1::Training training; reader->Read(&training);) seen->push_back(training);
    return reader->Finish();
  }

  TrainingWatchers watchers_{3};
  TrainingWorld world_{[this](const TrainingRun& run) { watchers_.Notify(run); }};
  Logger logger_{LogLevel::kError, &world_.clock};
  const SystemClock clock_;
  WorkPool pool_{1, 10};
  WatchMethod method_{RpcEnvironment{&world_.metrics, &logger_, &clock_}, &pool_, world_.retrainer.get(),
                      &watchers_};
  WatchRpc rpc_{&method_};
  InProcessServer server_{&rpc_};
  std::unique_ptr<v1::ModelService::Stub> stub_ = v1::ModelService::NewStub(server_.channel());
};

TEST_F(RpcWatchTest, ShowsATrainingToItsEnd) {
  world_.Record();
  ASSERT_TRUE(world_.retrainer->Start(TrainingRequest()).ok());
  std::vector<v1::Training> seen;
  ASSERT_TRUE(Watch("", &seen).ok());
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().state(), v1::TRAINING_STATE_SUCCEEDED);
  EXPECT_EQ(seen.back().model_version(), "v000001");
  for (size_t i = 1; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].id(), seen[0].id());
    EXPECT_GE(seen[i].state(), seen[i - 1].state());
  }
}

TEST_F(RpcWatchTest, AnEndedTrainingIsShownOnce) {
  world_.Record();
  ASSERT_TRUE(world_.retrainer->Start(TrainingRequest()).ok());
  const TrainingRun run = world_.WaitForEnd();
  std::vector<v1::Training> seen;
  ASSERT_TRUE(Watch(run.id, &seen).ok());
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].state(), v1::TRAINING_STATE_SUCCEEDED);
}

TEST_F(RpcWatchTest, AnUnknownTrainingIsNotFound) {
  std::vector<v1::Training> seen;
  EXPECT_EQ(Watch("", &seen).error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(Watch("t000009", &seen).error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(Watch("\xff", &seen).error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_TRUE(seen.empty());
}

// A training that would take hours, and calls that watch it.
class RpcWatchLongTest : public RpcWatchTest {
 protected:
  RpcWatchLongTest() {
    world_.Record();
    TrainingRequest request;
    request.als = world_.retrainer->options().als;
    request.als->iterations = 10'000;
    request.als->hyperparameters.factors = 128;
    EXPECT_TRUE(world_.retrainer->Start(request).ok());
  }
  ~RpcWatchLongTest() override { world_.retrainer->Stop(); }

  struct Watching {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::Training>> reader;
    v1::Training training;
  };

  std::unique_ptr<Watching> StartWatching() {
    auto watching = std::make_unique<Watching>();
    watching->reader = stub_->WatchTraining(&watching->context, v1::WatchTrainingRequest());
    return watching;
  }
};

TEST_F(RpcWatchLongTest, CancellationEndsWithItsState) {
  const auto watching = StartWatching();
  ASSERT_TRUE(watching->reader->Read(&watching->training));
  ASSERT_TRUE(world_.retrainer->Cancel(watching->training.id()).ok());
  while (watching->reader->Read(&watching->training)) {
  }
  EXPECT_TRUE(watching->reader->Finish().ok());
  EXPECT_EQ(watching->training.state(), v1::TRAINING_STATE_CANCELLED);
}

TEST_F(RpcWatchLongTest, HowATrainingEndedIsToldEvenIfTheServerShutsDownMeanwhile) {
  const auto watching = StartWatching();
  ASSERT_TRUE(watching->reader->Read(&watching->training));
  TrainingRun run = world_.retrainer->Get(watching->training.id()).value();
  run.revision += 1'000'000;  // beyond those of the training that goes on
  watchers_.Notify(run);      // is being written when the others come
  run.state = TrainingState::kCancelled;
  ++run.revision;
  watchers_.Notify(run);
  watchers_.CloseAll();
  while (watching->reader->Read(&watching->training)) {
  }
  EXPECT_TRUE(watching->reader->Finish().ok());
  EXPECT_EQ(watching->training.state(), v1::TRAINING_STATE_CANCELLED);
}

// A watch of who has the key of "w", as the file of keys says.
class RpcWatchKeyTest : public RpcWatchLongTest {
 protected:
  RpcWatchKeyTest() {
    RpcEnvironment environment{&world_.metrics, &logger_, &clock_, access_.get()};
    environment.service = "ridgeline.v1.ModelService";
    guarded_ = std::make_unique<WatchMethod>(environment, &pool_, world_.retrainer.get(), &watchers_);
    rpc_of_guarded_ = std::make_unique<WatchRpc>(guarded_.get());
    server_of_guarded_ = std::make_unique<InProcessServer>(rpc_of_guarded_.get());
    stub_ = v1::ModelService::NewStub(server_of_guarded_->channel());
    watching_.context.AddMetadata("authorization", "Bearer rk_w");
    watching_.reader = stub_->WatchTraining(&watching_.context, v1::WatchTrainingRequest());
    EXPECT_TRUE(watching_.reader->Read(&watching_.training));
  }

  void TakeTheKeyBack() {
    dir_.Write("keys", KeyLine("another", "\"reader\"", "rk_another"));
    EXPECT_FALSE(access_->Reload().value());
    EXPECT_TRUE(access_->Reload().value());
  }

  // Ends the run as those who watch it see it; it goes on.
  void ShowAnEnd() {
    TrainingRun run = world_.retrainer->Get(watching_.training.id()).value();
    run.revision += 1'000'000;
    run.state = TrainingState::kCancelled;
    watchers_.Notify(run);
  }

  const TempDir dir_;
  std::unique_ptr<AccessControl> access_ =
      *AccessControl::Open(dir_.Write("keys", KeyLine("w", "\"reader\"", "rk_w")));
  std::unique_ptr<WatchMethod> guarded_;
  std::unique_ptr<WatchRpc> rpc_of_guarded_;
  std::unique_ptr<InProcessServer> server_of_guarded_;
  Watching watching_;
};

TEST_F(RpcWatchKeyTest, WhoeverHasAKeyIsShownHowTheTrainingEnds) {
  ShowAnEnd();
  while (watching_.reader->Read(&watching_.training)) {
  }
  EXPECT_TRUE(watching_.reader->Finish().ok());
  EXPECT_EQ(watching_.training.state(), v1::TRAINING_STATE_CANCELLED);
}

TEST_F(RpcWatchKeyTest, WhoseKeyIsTakenBackIsShownNothingMore) {
  TakeTheKeyBack();
  ShowAnEnd();
  while (watching_.reader->Read(&watching_.training)) {
  }
  EXPECT_EQ(watching_.reader->Finish().error_code(), grpc::UNAUTHENTICATED);
  EXPECT_NE(watching_.training.state(), v1::TRAINING_STATE_CANCELLED);
}

TEST_F(RpcWatchLongTest, AClientMayLeave) {
  const auto watching = StartWatching();
  ASSERT_TRUE(watching->reader->Read(&watching->training));
  watching->context.TryCancel();
  while (watching->reader->Read(&watching->training)) {
  }
  EXPECT_EQ(watching->reader->Finish().error_code(), grpc::CANCELLED);
}

TEST_F(RpcWatchLongTest, ManyWatchWithoutAThreadEachAndTooManyAreRefused) {
  std::vector<std::unique_ptr<Watching>> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(StartWatching());
    ASSERT_TRUE(all.back()->reader->Read(&all.back()->training));
  }
  const auto refused = StartWatching();
  EXPECT_FALSE(refused->reader->Read(&refused->training));
  EXPECT_EQ(refused->reader->Finish().error_code(), grpc::RESOURCE_EXHAUSTED);
  watchers_.CloseAll();
  for (const auto& watching : all) {
    while (watching->reader->Read(&watching->training)) {
    }
    EXPECT_EQ(watching->reader->Finish().error_code(), grpc::UNAVAILABLE);
  }
}

}  // namespace
}  // namespace ridgeline
