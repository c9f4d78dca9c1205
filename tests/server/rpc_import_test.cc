#include "server/rpc_import.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "tests/server/access/test_keys.h"
#include "tests/server/in_process.h"
#include "tests/server/queue/pool_blocker.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ImportRpc final : public v1::InteractionService::WithRawCallbackMethod_ImportInteractions<
                            v1::InteractionService::Service> {
 public:
  explicit ImportRpc(ImportMethod* method) : method_(method) {}
  grpc::ServerReadReactor<grpc::ByteBuffer>* ImportInteractions(grpc::CallbackServerContext* context,
                                                                grpc::ByteBuffer* response) override {
    return method_->Start(context, response);
  }

 private:
  ImportMethod* const method_;
};

class RpcImportTest : public testing::Test {
 protected:
  static v1::ImportInteractionsRequest Message(int number, const std::string& item_id = "a") {
    v1::ImportInteractionsRequest message;
    for (int i = 0; i < 10; ++i) {
      message.add_interactions()->set_user_id(absl::StrCat("user", i));
      message.mutable_interactions(i)->set_item_id(item_id);
      message.mutable_interactions(i)->set_event_id(absl::StrCat(number, "/", i));
    }
    return message;
  }

  World world_;
  Logger logger_{LogLevel::kError, &world_.clock};
  const SystemClock clock_;
  InteractionRecorder recorder_{world_.stores.log.get(), world_.recommender.get(),
                                &world_.snapshots,       &world_.metrics,
                                &world_.clock,           Feedback::kImplicit};
  WorkPool pool_{2, 10};
  OpenStreams streams_;
  ImportMethod method_{RpcEnvironment{&world_.metrics, &logger_, &clock_}, &pool_, &recorder_, &streams_};
  ImportRpc rpc_{&method_};
  InProcessServer server_{&rpc_};
  std::unique_ptr<v1::InteractionService::Stub> stub_ = v1::InteractionService::NewStub(server_.channel());
  grpc::ClientContext context_;
  v1::ImportInteractionsResponse response_;
};

TEST_F(RpcImportTest, AcknowledgesTheWholeStream) {
  const auto writer = stub_->ImportInteractions(&context_, &response_);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(writer->Write(Message(i % 15)));
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response_.message_count(), 20);
  EXPECT_EQ(response_.recorded_count(), 150);
  EXPECT_EQ(response_.duplicate_count(), 50);
  EXPECT_EQ(response_.last_sequence(), 150);
  EXPECT_EQ(world_.stores.log->size(), 150);
}

TEST_F(RpcImportTest, AnEmptyStreamRecordsNothing) {
  const auto writer = stub_->ImportInteractions(&context_, &response_);
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
  EXPECT_EQ(response_.message_count(), 0);
}

TEST_F(RpcImportTest, AWrongMessageEndsTheStreamAndIsNamed) {
  const auto writer = stub_->ImportInteractions(&context_, &response_);
  writer->Write(Message(0));
  writer->Write(Message(1, ""));
  while (writer->Write(Message(2))) {
  }
  const grpc::Status status = writer->Finish();
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), StartsWith("interactions[0].item_id: "));
  EXPECT_THAT(status.error_message(), HasSubstr("message 1 of the stream"));
  EXPECT_EQ(world_.stores.log->size(), 10);
}

TEST_F(RpcImportTest, AMessageThatIsNotUtf8IsNamedToo) {
  const auto writer = stub_->ImportInteractions(&context_, &response_);
  writer->Write(Message(0, "\xff"));
  const grpc::Status status = writer->Finish();
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), StartsWith("interactions[0].item_id: must be UTF-8 (message 0"));
}

TEST_F(RpcImportTest, ACancelledStreamIsNotAcknowledged) {
  const auto writer = stub_->ImportInteractions(&context_, &response_);
  writer->Write(Message(0));
  context_.TryCancel();
  EXPECT_EQ(writer->Finish().error_code(), grpc::CANCELLED);
}

TEST_F(RpcImportTest, OverloadEndsTheStream) {
  pool_.Stop();  // takes no work any more
  const auto writer = stub_->ImportInteractions(&context_, &response_);
  writer->Write(Message(0));
  const grpc::Status status = writer->Finish();
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("message 0 of the stream"));
}

TEST_F(RpcImportTest, AShutdownEndsAStreamThatWaitsForItsClientAndSaysWhatIsRecorded) {
  const auto writer = stub_->ImportInteractions(&context_, &response_);
  ASSERT_TRUE(writer->Write(Message(0)));
  while (world_.stores.log->size() < 10) std::this_thread::yield();
  streams_.CloseAll();
  const grpc::Status status = writer->Finish();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), StartsWith("the server is shutting down (message 1 of the stream"));
  EXPECT_THAT(status.error_message(), HasSubstr("recorded: 10 interactions"));
}

TEST_F(RpcImportTest, AShutdownEndsStreamsThatGoOnAndOnesThatBegin) {
  const auto writer = stub_->ImportInteractions(&context_, &response_);
  std::thread closer([this] {
    while (world_.stores.log->size() < 100) std::this_thread::yield();
    streams_.CloseAll();
  });
  for (int i = 0; writer->Write(Message(i)); ++i) {
  }
  const grpc::Status status = writer->Finish();
  closer.join();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  const int64_t recorded = world_.stores.log->size();
  EXPECT_THAT(status.error_message(), HasSubstr(absl::StrCat("recorded: ", recorded, " interactions")));

  grpc::ClientContext context;
  EXPECT_EQ(stub_->ImportInteractions(&context, &response_)->Finish().error_code(), grpc::UNAVAILABLE);
}

class PacedImportTest : public testing::Test {
 protected:
  // A stream of a client with this limit.
  void Open(double bytes_per_second) {
    access_ = *AccessControl::Open(dir_.Write(
        "keys",
        KeyLine("a", "\"writer\"", "rk_a",
                absl::StrCat(", \"limits\": {\"import_bytes_per_second\": ", bytes_per_second, "}"))));
    RpcEnvironment environment{&world_.metrics, &logger_, &clock_, access_.get()};
    environment.service = "ridgeline.v1.InteractionService";
    method_ = std::make_unique<ImportMethod>(environment, &pool_, &recorder_, &streams_, &urgent_);
    rpc_ = std::make_unique<ImportRpc>(method_.get());
    server_ = std::make_unique<InProcessServer>(rpc_.get());
    context_.AddMetadata("authorization", "Bearer rk_a");
    stub_ = v1::InteractionService::NewStub(server_->channel());
    writer_ = stub_->ImportInteractions(&context_, &response_);
  }

  static v1::ImportInteractionsRequest Message(size_t bytes) {
    v1::ImportInteractionsRequest message;
    message.add_interactions()->set_user_id("u");
    message.mutable_interactions(0)->set_item_id("i");
    while (message.ByteSizeLong() < bytes) *message.add_interactions() = message.interactions(0);
    return message;
  }

  const TempDir dir_;
  World world_;
  Logger logger_{LogLevel::kError, &world_.clock};
  const SystemClock clock_;
  InteractionRecorder recorder_{world_.stores.log.get(), world_.recommender.get(),
                                &world_.snapshots,       &world_.metrics,
                                &world_.clock,           Feedback::kImplicit};
  WorkPool pool_{2, 10};
  WorkPool urgent_{2, 10};
  std::unique_ptr<AccessControl> access_;
  OpenStreams streams_;
  std::unique_ptr<ImportMethod> method_;
  std::unique_ptr<ImportRpc> rpc_;
  std::unique_ptr<InProcessServer> server_;
  grpc::ClientContext context_;
  v1::ImportInteractionsResponse response_;
  std::unique_ptr<v1::InteractionService::Stub> stub_;
  std::unique_ptr<grpc::ClientWriter<v1::ImportInteractionsRequest>> writer_;
};

TEST_F(PacedImportTest, MessagesGiveWayToCallsUnderWayAndAreRecordedAllTheSame) {
  Open(1e9);
  PoolBlocker urgent_call(&urgent_);
  const absl::Time start = absl::Now();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(writer_->Write(Message(1'000)));
  writer_->WritesDone();
  EXPECT_TRUE(writer_->Finish().ok());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(2 * 500));
  EXPECT_GT(response_.recorded_count(), 20);
  urgent_call.Release();
}

TEST_F(PacedImportTest, AClientAboveItsLimitIsHeldBackAndLosesNothing) {
  Open(20'000);
  const absl::Time start = absl::Now();
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(writer_->Write(Message(5'000)));
  writer_->WritesDone();
  const grpc::Status status = writer_->Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response_.message_count(), 7);
  // 30,000 bytes before the last message, of which 20,000 may come at once; never sooner, however late.
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(490));
}

TEST_F(PacedImportTest, TheFirstMessageOfAStreamWaitsForWhatOtherStreamsTook) {
  Open(20'000);
  const absl::Time start = absl::Now();
  ASSERT_TRUE(writer_->Write(Message(30'000)));
  while (world_.stores.log->size() == 0) std::this_thread::yield();
  const int64_t recorded = world_.stores.log->size();

  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer rk_a");
  v1::ImportInteractionsResponse response;
  const auto second = stub_->ImportInteractions(&context, &response);
  ASSERT_TRUE(second->Write(Message(100)));
  second->WritesDone();
  const grpc::Status status = second->Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_GT(world_.stores.log->size(), recorded);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(490));
}

TEST_F(PacedImportTest, StreamsThatComeTogetherAreHeldToOneLimit) {
  Open(40'000);
  const absl::Time start = absl::Now();
  std::vector<std::thread> clients;
  for (int i = 0; i < 6; ++i) {
    clients.emplace_back([this] {
      grpc::ClientContext context;
      context.AddMetadata("authorization", "Bearer rk_a");
      v1::ImportInteractionsResponse response;
      const auto writer = stub_->ImportInteractions(&context, &response);
      EXPECT_TRUE(writer->Write(Message(20'000)));
      writer->WritesDone();
      EXPECT_TRUE(writer->Finish().ok());
    });
  }
  for (std::thread& client : clients) client.join();
  // 100,000 bytes before the last message would take 1.5 s; some may be looked at in the same moment.
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(490));
}

TEST_F(PacedImportTest, AClientThatGivesUpWhileItIsHeldBackIsLetGo) {
  Open(1);  // the next message would be due after hours
  ASSERT_TRUE(writer_->Write(Message(50'000)));
  ASSERT_TRUE(writer_->Write(Message(50'000)));
  while (world_.stores.log->size() == 0) std::this_thread::yield();
  context_.TryCancel();
  EXPECT_EQ(writer_->Finish().error_code(), grpc::CANCELLED);
  server_.reset();  // waits for the call to be done
}

TEST_F(PacedImportTest, AShutdownDoesNotWaitForAClientThatIsHeldBack) {
  Open(1);
  ASSERT_TRUE(writer_->Write(Message(50'000)));
  ASSERT_TRUE(writer_->Write(Message(50'000)));
  while (world_.stores.log->size() == 0) std::this_thread::yield();
  streams_.CloseAll();
  const grpc::Status status = writer_->Finish();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), StartsWith("the server is shutting down (message 1 of the stream"));
}

}  // namespace
}  // namespace ridgeline
