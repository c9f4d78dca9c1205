#include "client/import_writer.h"

#include <memory>
#include <string>

#include "client/recommender_client.h"
#include "client/status_conversion.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"
#include "tests/client/grpc_error.h"

namespace ridgeline {
namespace {

class ImportWriterTest : public testing::Test {
 protected:
  ImportWriterTest() {
    RecommenderClientOptions options;
    options.address = server_.address();
    client_ = *RecommenderClient::Create(options);
  }

  static v1::ImportInteractionsRequest Batch(int size) {
    v1::ImportInteractionsRequest batch;
    for (int i = 0; i < size; ++i) batch.add_interactions()->set_user_id("u");
    return batch;
  }

  FakeServer server_;
  std::unique_ptr<RecommenderClient> client_;
};

TEST_F(ImportWriterTest, SendsBatchesInOrderAndReturnsTheAcknowledgement) {
  v1::ImportInteractionsResponse response;
  response.set_recorded_count(6);
  server_.Respond(response);
  const auto writer = client_->ImportInteractions();
  for (int size : {1, 2, 3}) EXPECT_TRUE(writer->Write(Batch(size)).ok());
  const auto finished = writer->Finish();
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_EQ(finished->recorded_count(), 6);
  EXPECT_THAT(server_.import_batches(), testing::ElementsAre(1, 2, 3));
}

TEST_F(ImportWriterTest, RefusesStringsThatAreNotUtf8AndStaysOpen) {
  const auto writer = client_->ImportInteractions();
  v1::ImportInteractionsRequest batch = Batch(2);
  batch.mutable_interactions(1)->set_item_id("\xFF");
  EXPECT_EQ(writer->Write(batch), absl::InvalidArgumentError("interactions[1].item_id: must be valid UTF-8"));
  EXPECT_TRUE(writer->Write(Batch(1)).ok());
  EXPECT_TRUE(writer->Finish().ok());
  EXPECT_THAT(server_.import_batches(), testing::ElementsAre(1));
}

TEST_F(ImportWriterTest, ReturnsTheErrorThatEndedTheStream) {
  server_.FailNext(
      grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "message 0: interactions[0].item_id: empty"));
  const auto writer = client_->ImportInteractions();
  (void)writer->Write(Batch(1));
  EXPECT_EQ(writer->Finish().status(),
            absl::InvalidArgumentError("message 0: interactions[0].item_id: empty"));
  EXPECT_EQ(writer->Write(Batch(1)), absl::InvalidArgumentError("message 0: interactions[0].item_id: empty"));
}

TEST_F(ImportWriterTest, WhatTheServerAttachedIsKeptAlsoWhereItCancels) {
  for (const grpc::StatusCode code : {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::CANCELLED}) {
    server_.FailNext(ErrorOfServer(code, "the server is shutting down"));
    const absl::Status status = client_->ImportInteractions()->Finish().status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_TRUE(IsAnswerOfServer(status)) << code;
  }
}

TEST_F(ImportWriterTest, ACancelledStreamThatNobodyExplainsIsNoAnswer) {
  server_.FailNext(grpc::Status(grpc::StatusCode::CANCELLED, ""));
  const absl::Status status = client_->ImportInteractions()->Finish().status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_FALSE(IsAnswerOfServer(status));
}

TEST_F(ImportWriterTest, TakesNothingMoreOnceFinished) {
  const auto writer = client_->ImportInteractions();
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(writer->Write(Batch(1))));
  EXPECT_TRUE(writer->Finish().ok());
}

TEST_F(ImportWriterTest, CancelsTheStreamWhenDroppedUnfinished) {
  { EXPECT_TRUE(client_->ImportInteractions()->Write(Batch(1)).ok()); }
  SUCCEED() << "the destructor neither hangs nor leaks the call";
}

TEST_F(ImportWriterTest, OutlivesItsClient) {
  const auto writer = client_->ImportInteractions();
  client_.reset();
  EXPECT_TRUE(writer->Write(Batch(1)).ok());
  EXPECT_TRUE(writer->Finish().ok());
}

TEST_F(ImportWriterTest, EndsAtItsDeadline) {
  server_.Hold();
  CallOptions options;
  options.timeout = absl::Milliseconds(20);
  EXPECT_TRUE(absl::IsDeadlineExceeded(client_->ImportInteractions(options)->Finish().status()));
}

}  // namespace
}  // namespace ridgeline
