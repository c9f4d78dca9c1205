#include "client/recommender_client.h"

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "gtest/gtest.h"
#include "tests/client/fake_server.h"
#include "tests/client/grpc_error.h"
#include "tests/client/manual_retry_clock.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const grpc::Status kUnavailable(grpc::StatusCode::UNAVAILABLE, "restarting");

class RecommenderClientTest : public testing::Test {
 protected:
  std::unique_ptr<RecommenderClient> Client(bool fill_event_ids = false) {
    RecommenderClientOptions options;
    options.address = server_.address();
    options.timeout = absl::Seconds(30);
    options.retry.jitter_seed = 1;
    options.fill_event_ids = fill_event_ids;
    options.clock = &clock_;
    return *RecommenderClient::Create(options);
  }

  FakeServer server_;
  ManualRetryClock clock_;
};

v1::RecordInteractionsRequest TwoInteractions(const std::string& event_id) {
  v1::RecordInteractionsRequest request;
  request.add_interactions()->set_event_id("first");
  request.add_interactions()->set_event_id(event_id);
  return request;
}

TEST_F(RecommenderClientTest, ReturnsTheServersAnswer) {
  v1::RecommendResponse response;
  response.add_recommendations()->set_item_id("matrix");
  server_.Respond(response);
  v1::RecommendRequest request;
  request.set_user_id("42");
  const auto answer = Client()->Recommend(request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->recommendations(0).item_id(), "matrix");
  EXPECT_EQ(server_.Last<v1::RecommendRequest>().user_id(), "42");
}

TEST_F(RecommenderClientTest, ReachesEveryMethod) {
  const auto client = Client();
  EXPECT_TRUE(client->Recommend({}).ok());
  EXPECT_TRUE(client->BatchRecommend({}).ok());
  EXPECT_TRUE(client->SimilarItems({}).ok());
  EXPECT_TRUE(client->SimilarUsers({}).ok());
  EXPECT_TRUE(client->ScoreItems({}).ok());
  EXPECT_TRUE(client->Explain({}).ok());
  EXPECT_TRUE(client->RecordInteractions({}).ok());
  EXPECT_TRUE(client->ListInteractions({}).ok());
  EXPECT_TRUE(client->DeleteUser({}).ok());
  EXPECT_TRUE(client->UpsertItems({}).ok());
  EXPECT_TRUE(client->GetItem({}).ok());
  EXPECT_TRUE(client->ListItems({}).ok());
  EXPECT_TRUE(client->DeleteItem({}).ok());
  EXPECT_TRUE(client->GetModel({}).ok());
  EXPECT_TRUE(client->ListModels({}).ok());
  EXPECT_TRUE(client->StartTraining({}).ok());
  EXPECT_TRUE(client->GetTraining({}).ok());
  EXPECT_TRUE(client->CancelTraining({}).ok());
  EXPECT_TRUE(client->ActivateModel({}).ok());
  EXPECT_TRUE(client->SetExperiment({}).ok());
  EXPECT_TRUE(client->GetExperiment({}).ok());
  EXPECT_TRUE(client->EndExperiment({}).ok());
  EXPECT_TRUE(client->GetServerStatus({}).ok());
  EXPECT_TRUE(client->CheckHealth().ok());
  EXPECT_EQ(server_.calls(), 24);
}

TEST_F(RecommenderClientTest, SendsItsApiKeyWithCallsRetriesAndStreams) {
  RecommenderClientOptions options;
  options.address = server_.address();
  options.api_key = "rk_1";
  options.clock = &clock_;
  const auto client = *RecommenderClient::Create(options);
  server_.FailNext(kUnavailable);
  EXPECT_TRUE(client->Recommend({}).ok());
  EXPECT_TRUE(client->ImportInteractions()->Finish().ok());
  EXPECT_TRUE(client->WatchTraining({}, [](const v1::Training&) { return true; }).ok());
  EXPECT_EQ(server_.authorizations(), std::vector<std::string>(4, "Bearer rk_1"));
}

TEST_F(RecommenderClientTest, SendsNoKeyUnlessItHasOne) {
  EXPECT_TRUE(Client()->Recommend({}).ok());
  EXPECT_EQ(server_.authorizations(), std::vector<std::string>{""});
}

TEST_F(RecommenderClientTest, RepeatsACallWhileTheServerIsUnavailable) {
  server_.FailNext(kUnavailable);
  server_.FailNext(kUnavailable);
  EXPECT_TRUE(Client()->Recommend({}).ok());
  EXPECT_EQ(server_.calls(), 3);
  EXPECT_THAT(clock_.pauses(), SizeIs(2));
}

TEST_F(RecommenderClientTest, ACallThatTheServerCancelsWasNotAnswered) {
  const grpc::Status cancelled(grpc::StatusCode::CANCELLED, "CANCELLED");
  server_.FailNext(cancelled);
  EXPECT_TRUE(Client()->Recommend({}).ok());
  EXPECT_EQ(server_.calls(), 2);
  server_.FailNext(cancelled);
  EXPECT_TRUE(absl::IsUnavailable(Client()->StartTraining({}).status()));
  EXPECT_EQ(server_.calls(), 3);
}

TEST_F(RecommenderClientTest, GivesUpAfterTheMostAttempts) {
  for (int i = 0; i < 10; ++i) server_.FailNext(kUnavailable);
  EXPECT_TRUE(absl::IsUnavailable(Client()->Recommend({}).status()));
  EXPECT_EQ(server_.calls(), 4);
}

TEST_F(RecommenderClientTest, RepeatsNoOtherError) {
  server_.FailNext(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls"));
  EXPECT_TRUE(absl::IsResourceExhausted(Client()->Recommend({}).status()));
  EXPECT_EQ(server_.calls(), 1);
}

TEST_F(RecommenderClientTest, DoesNotRepeatWhatMayTakeEffectTwice) {
  for (int i = 0; i < 3; ++i) server_.FailNext(kUnavailable);
  const auto client = Client();
  EXPECT_TRUE(absl::IsUnavailable(client->StartTraining({}).status()));
  EXPECT_TRUE(absl::IsUnavailable(client->DeleteItem({}).status()));
  EXPECT_TRUE(absl::IsUnavailable(client->RecordInteractions(TwoInteractions("")).status()));
  EXPECT_EQ(server_.calls(), 3);
}

TEST_F(RecommenderClientTest, RepeatsARecordingWhoseInteractionsAllHaveEventIds) {
  server_.FailNext(kUnavailable);
  EXPECT_TRUE(Client()->RecordInteractions(TwoInteractions("second")).ok());
  EXPECT_EQ(server_.calls(), 2);
}

TEST_F(RecommenderClientTest, FillsInUniqueEventIdsOnRequestAndThenRepeats) {
  server_.FailNext(kUnavailable);
  const auto client = Client(/*fill_event_ids=*/true);
  const auto other = Client(/*fill_event_ids=*/true);
  std::set<std::string> ids;
  for (RecommenderClient* sender : {client.get(), client.get(), other.get()}) {
    EXPECT_TRUE(sender->RecordInteractions(TwoInteractions("")).ok());
    const auto sent = server_.Last<v1::RecordInteractionsRequest>();
    EXPECT_EQ(sent.interactions(0).event_id(), "first");
    ids.insert(sent.interactions(1).event_id());
  }
  EXPECT_EQ(server_.calls(), 4);
  EXPECT_THAT(ids, SizeIs(3));
  EXPECT_THAT(ids, testing::Each(testing::Not(testing::IsEmpty())));
}

TEST_F(RecommenderClientTest, EndsACallAtItsDeadline) {
  server_.Hold();
  CallOptions options;
  options.timeout = absl::Milliseconds(20);
  EXPECT_TRUE(absl::IsDeadlineExceeded(Client()->Recommend({}, options).status()));
}

TEST_F(RecommenderClientTest, FailsAtOnceWhenNoTimeIsLeft) {
  CallOptions options;
  options.timeout = absl::Seconds(-1);
  EXPECT_TRUE(absl::IsDeadlineExceeded(Client()->Recommend({}, options).status()));
}

TEST_F(RecommenderClientTest, NamesTheFieldsThatTheServerRefused) {
  google::rpc::BadRequest bad_request;
  auto* violation = bad_request.add_field_violations();
  violation->set_field("k");
  violation->set_description("must be between 1 and 10000, got 0");
  server_.FailNext(ErrorWithDetail(grpc::StatusCode::INVALID_ARGUMENT, "wrong request", bad_request));
  const absl::Status status = Client()->Recommend({}).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("k: must be between 1 and 10000, got 0"));
}

TEST_F(RecommenderClientTest, RefusesStringsThatAreNotUtf8WithoutSendingThem) {
  v1::RecommendRequest request;
  request.set_user_id("\xFF");
  const absl::Status status = Client()->Recommend(request).status();
  EXPECT_EQ(status, absl::InvalidArgumentError("user_id: must be valid UTF-8"));
  EXPECT_EQ(server_.calls(), 0);
}

TEST_F(RecommenderClientTest, ServesManyThreadsAtOnce) {
  const auto client = Client();
  std::vector<std::thread> threads;
  std::vector<int> failures(4, 0);
  for (int& failed : failures) {
    threads.emplace_back([&client, &failed] {
      for (int i = 0; i < 50; ++i) failed += client->Recommend({}).ok() ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(failures, testing::Each(0));
  EXPECT_EQ(server_.calls(), 200);
}

TEST_F(RecommenderClientTest, WatchesATrainingToItsEnd) {
  std::vector<v1::Training> trainings(3);
  for (int i = 0; i < 3; ++i) trainings[i].set_iteration(i);
  server_.SetTrainings(trainings);
  std::vector<int> seen;
  const absl::Status status = Client()->WatchTraining({}, [&seen](const v1::Training& training) {
    seen.push_back(training.iteration());
    return true;
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(seen, testing::ElementsAre(0, 1, 2));
}

TEST_F(RecommenderClientTest, StopsWatchingWhenTheCallbackSaysSo) {
  server_.SetTrainings(std::vector<v1::Training>(3));
  int seen = 0;
  const absl::Status status =
      Client()->WatchTraining({}, [&seen](const v1::Training&) { return ++seen < 2; });
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_EQ(seen, 2);
}

TEST_F(RecommenderClientTest, ReturnsTheErrorThatEndedAWatch) {
  server_.FailNext(grpc::Status(grpc::StatusCode::NOT_FOUND, "no such training"));
  const absl::Status status = Client()->WatchTraining({}, [](const v1::Training&) { return true; });
  EXPECT_EQ(status, absl::NotFoundError("no such training"));
}

TEST_F(RecommenderClientTest, HandsOnTheMessagesOfABackupInOrder) {
  std::vector<v1::CreateBackupResponse> messages(3);
  for (int i = 0; i < 3; ++i) messages[i].set_chunk(std::string(1, static_cast<char>('a' + i)));
  server_.SetBackup(messages);
  std::string seen;
  const absl::Status status = Client()->CreateBackup({}, [&seen](const v1::CreateBackupResponse& message) {
    seen += message.chunk();
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, "abc");
}

TEST_F(RecommenderClientTest, ABackupEndsWithTheErrorOfWhoTakesIt) {
  server_.SetBackup(std::vector<v1::CreateBackupResponse>(3));
  int seen = 0;
  const absl::Status full = Client()->CreateBackup({}, [&seen](const v1::CreateBackupResponse&) {
    ++seen;
    return absl::ResourceExhaustedError("no room");
  });
  EXPECT_EQ(full, absl::ResourceExhaustedError("no room"));
  EXPECT_EQ(seen, 1);
}

TEST_F(RecommenderClientTest, ABackupEndsWithTheErrorOfTheServer) {
  server_.SetBackup(std::vector<v1::CreateBackupResponse>(3));
  server_.FailNext(grpc::Status(grpc::StatusCode::DATA_LOSS, "damaged"));
  const absl::Status damaged =
      Client()->CreateBackup({}, [](const v1::CreateBackupResponse&) { return absl::OkStatus(); });
  EXPECT_EQ(damaged, absl::DataLossError("damaged"));
}

TEST_F(RecommenderClientTest, SpellsTheHealthAsTheProtocolDoes) {
  grpc::health::v1::HealthCheckResponse response;
  response.set_status(grpc::health::v1::HealthCheckResponse::NOT_SERVING);
  server_.Respond(response);
  EXPECT_EQ(*Client()->CheckHealth(), "NOT_SERVING");
}

TEST(RecommenderClient, ReportsAServerThatIsNotThere) {
  std::string address;
  { address = FakeServer().address(); }
  ManualRetryClock clock;
  RecommenderClientOptions options;
  options.address = address;
  options.clock = &clock;
  EXPECT_TRUE(absl::IsUnavailable((*RecommenderClient::Create(options))->Recommend({}).status()));
  EXPECT_THAT(clock.pauses(), SizeIs(3));
}

// A client of two servers, of which the first is preferred.
class TwoServersTest : public testing::Test {
 protected:
  std::unique_ptr<RecommenderClient> Client() {
    RecommenderClientOptions options;
    options.address = addresses_;
    options.timeout = absl::Seconds(30);
    options.clock = &clock_;
    return *RecommenderClient::Create(options);
  }

  std::unique_ptr<FakeServer> first_ = std::make_unique<FakeServer>();
  std::unique_ptr<FakeServer> second_ = std::make_unique<FakeServer>();
  const std::string addresses_ = first_->address() + "," + second_->address();
  ManualRetryClock clock_;
};

TEST_F(TwoServersTest, TheFirstGetsAllCallsWhileItIsThere) {
  const auto client = Client();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(client->Recommend({}).ok());
  EXPECT_EQ(first_->calls(), 10);
  EXPECT_EQ(second_->calls(), 0);
}

TEST_F(TwoServersTest, TheSecondAnswersAtOnceWhatTheFirstCannot) {
  const auto client = Client();
  first_->FailNext(kUnavailable);
  EXPECT_TRUE(client->RecordInteractions(TwoInteractions("second")).ok());
  EXPECT_EQ(second_->calls(), 1);
  EXPECT_THAT(clock_.pauses(), SizeIs(0));
}

TEST_F(TwoServersTest, PausesBeforeTheFirstIsAskedAgain) {
  const auto client = Client();
  first_->FailNext(kUnavailable);
  second_->FailNext(kUnavailable);
  EXPECT_TRUE(client->Recommend({}).ok());
  EXPECT_EQ(first_->calls(), 2);
  EXPECT_EQ(second_->calls(), 1);
  EXPECT_THAT(clock_.pauses(), SizeIs(1));
}

// As the server says it that cannot write to its disk.
grpc::Status DiskRefuses() {
  google::rpc::ErrorInfo info;
  info.set_domain("ridgeline");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the disk is full", details.SerializeAsString());
}

TEST_F(TwoServersTest, TheSecondIsNotToldWhatTheFirstRefusesItself) {
  const auto client = Client();
  for (int i = 0; i < 4; ++i) first_->FailNext(DiskRefuses());
  EXPECT_TRUE(absl::IsUnavailable(client->DeleteUser({}).status()));
  EXPECT_EQ(first_->calls(), 4);
  EXPECT_EQ(second_->calls(), 0);
}

TEST_F(TwoServersTest, NoOtherErrorGoesToTheSecond) {
  first_->FailNext(grpc::Status(grpc::StatusCode::NOT_FOUND, "no such item"));
  EXPECT_TRUE(absl::IsNotFound(Client()->GetItem({}).status()));
  EXPECT_EQ(second_->calls(), 0);
}

TEST_F(TwoServersTest, WhatMayTakeEffectTwiceIsSentOnceAndOnlyToAServerThatIsThere) {
  const auto client = Client();
  first_->FailNext(kUnavailable);
  EXPECT_TRUE(absl::IsUnavailable(client->StartTraining({}).status()));
  EXPECT_EQ(second_->calls(), 0);
  first_.reset();
  EXPECT_TRUE(Client()->StartTraining({}).ok());
  EXPECT_EQ(second_->calls(), 1);
}

TEST_F(TwoServersTest, StreamsGoToAServerThatIsThere) {
  first_.reset();
  const auto client = Client();
  EXPECT_TRUE(client->ImportInteractions()->Finish().ok());
  EXPECT_TRUE(client->WatchTraining({}, [](const v1::Training&) { return true; }).ok());
}

TEST_F(TwoServersTest, SaysWhyWhenNeitherIsThere) {
  const auto client = Client();
  first_.reset();
  second_.reset();
  EXPECT_TRUE(absl::IsUnavailable(client->Recommend({}).status()));
  EXPECT_THAT(clock_.pauses(), SizeIs(3));
}

absl::Status CreateWith(void (*change)(RecommenderClientOptions&)) {
  RecommenderClientOptions options;
  change(options);
  return RecommenderClient::Create(options).status();
}

TEST(RecommenderClient, NamesTheOptionThatIsOutOfRange) {
  const std::pair<const char*, void (*)(RecommenderClientOptions&)> cases[] = {
      {"address:", [](RecommenderClientOptions& o) { o.address.clear(); }},
      {"address:", [](RecommenderClientOptions& o) { o.address = "127.0.0.1:1, ,127.0.0.1:2"; }},
      {"api_key:", [](RecommenderClientOptions& o) { o.api_key = "two words"; }},
      {"timeout:", [](RecommenderClientOptions& o) { o.timeout = absl::ZeroDuration(); }},
      {"stream_timeout:", [](RecommenderClientOptions& o) { o.stream_timeout = absl::Seconds(-1); }},
      {"retry.max_attempts:", [](RecommenderClientOptions& o) { o.retry.max_attempts = 0; }},
      {"retry.initial_backoff:",
       [](RecommenderClientOptions& o) { o.retry.initial_backoff = absl::ZeroDuration(); }},
      {"retry.max_backoff:",
       [](RecommenderClientOptions& o) { o.retry.max_backoff = absl::Milliseconds(1); }}};
  for (const auto& [prefix, change] : cases) {
    const absl::Status status = CreateWith(change);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << prefix;
    EXPECT_THAT(std::string(status.message()), testing::StartsWith(prefix));
  }
}

}  // namespace
}  // namespace ridgeline
