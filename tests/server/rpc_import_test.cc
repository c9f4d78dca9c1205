#include "server/rpc_import.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ridgeline/v1/interaction_service.grpc.pb.h"
#include "tests/server/in_process.h"
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
  ImportMethod method_{RpcEnvironment{&world_.metrics, &logger_, &clock_}, &pool_, &recorder_};
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

}  // namespace
}  // namespace ridgeline
