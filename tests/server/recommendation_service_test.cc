#include "server/recommendation_service.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "gtest/gtest.h"
#include "server/convert_recommendation_request.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

class RecommendationServiceTest : public testing::Test {
 protected:
  RecommendationServiceTest() {
    Item item;
    item.id = "b";
    item.title = "Title of b";
    EXPECT_TRUE(world_.stores.catalog->Upsert({item}).ok());
    world_.Serve();
  }

  static v1::RecommendRequest For(const std::string& user_id) {
    v1::RecommendRequest request;
    request.set_user_id(user_id);
    request.set_include_seen(true);
    return request;
  }

  // Of Recommend, as RecommendBatcher answers one call.
  absl::StatusOr<v1::RecommendResponse> Recommend(const v1::RecommendRequest& request) {
    RIDGELINE_ASSIGN_OR_RETURN(const RecommendQuery query, FromProto(request));
    return service_.Answer(query);
  }

  World world_;
  RecommendationService service_{world_.recommender.get(), &world_.snapshots, world_.stores.catalog.get(),
                                 &world_.metrics, 0xabcdef};
};

TEST_F(RecommendationServiceTest, RanksForAKnownUser) {
  const auto response = Recommend(For("u1"));
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->recommendations_size(), 4);
  EXPECT_EQ(response->recommendations(0).item_id(), "a");
  EXPECT_EQ(response->recommendations(1).item_id(), "b");
  EXPECT_EQ(response->recommendations(1).title(), "Title of b");
  EXPECT_EQ(response->recommendations(1).rank(), 2);
  EXPECT_EQ(response->source(), v1::SOURCE_MODEL);
  EXPECT_EQ(response->model_version(), "v000001");
}

TEST_F(RecommendationServiceTest, SaysWhenItFallsBackToPopularItems) {
  const auto response = Recommend(For("nobody"));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->source(), v1::SOURCE_POPULAR);
  EXPECT_EQ(response->recommendations(0).item_id(), "a");
}

TEST_F(RecommendationServiceTest, NamesEveryAnswerDifferently) {
  const std::string first = Recommend(For("u1"))->recommendation_id();
  const std::string second = Recommend(For("u1"))->recommendation_id();
  EXPECT_EQ(first, "0000000000abcdef-1.v000001.model");
  EXPECT_NE(first, second);
}

TEST_F(RecommendationServiceTest, RefusesKOutOfRange) {
  for (const int32_t k : {0, -1, 10'001, 1'000'000'000}) {
    v1::RecommendRequest request = For("u1");
    request.set_k(k);
    const absl::Status status = Recommend(request).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_EQ(status.message().substr(0, 2), "k:");
  }
}

TEST_F(RecommendationServiceTest, PagesContinueRanks) {
  v1::RecommendRequest request = For("u1");
  request.set_k(3);
  const auto first = Recommend(request);
  ASSERT_TRUE(first.ok());
  request.set_page_token(first->next_page_token());
  const auto second = Recommend(request);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_EQ(second->recommendations_size(), 1);
  EXPECT_EQ(second->recommendations(0).rank(), 4);
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(RecommendationServiceTest, AWrongRequestOfABatchFailsAlone) {
  v1::BatchRecommendRequest batch;
  *batch.add_requests() = For("u1");
  batch.add_requests();
  *batch.add_requests() = For("u2");
  batch.mutable_requests(2)->set_k(1'000'000'000);
  *batch.add_requests() = For("u2");
  const auto response = service_.BatchRecommend(batch, CallInfo());
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->results_size(), 4);
  EXPECT_EQ(response->results(0).response().recommendations(0).item_id(), "a");
  EXPECT_EQ(response->results(1).error().code(), static_cast<int>(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(response->results(2).error().message().substr(0, 2), "k:");
  EXPECT_EQ(response->results(3).response().recommendations(0).item_id(), "c");
}

TEST_F(RecommendationServiceTest, AnswersEachUserFromTheModelOfTheirArm) {
  world_.Split(world_.Publish(), 0.5);
  const Experiment experiment = world_.snapshots.All().candidate->experiment;
  v1::BatchRecommendRequest batch;
  for (int user = 0; user < 40; ++user) *batch.add_requests() = For("u" + std::to_string(user));
  const auto response = service_.BatchRecommend(batch, CallInfo());
  ASSERT_TRUE(response.ok()) << response.status();
  int candidates = 0;
  for (int user = 0; user < 40; ++user) {
    const bool candidate = ArmOf(experiment, batch.requests(user).user_id()) == Arm::kCandidate;
    candidates += candidate;
    const std::string version = candidate ? "v000002" : "v000001";
    EXPECT_EQ(response->results(user).response().model_version(), version);
    EXPECT_EQ(Recommend(batch.requests(user))->model_version(), version);
  }
  // Each was asked twice; "u1" and "u2" are in the model.
  const std::string text = world_.metrics.Serialize();
  EXPECT_GT(candidates, 0);
  EXPECT_NE(text.find("{arm=\"candidate\",source=\"popular\"} "), std::string::npos);
  EXPECT_EQ(text.find("{arm=\"candidate\",source=\"popular\"} 0\n"), std::string::npos);
}

TEST_F(RecommendationServiceTest, LimitsBatches) {
  v1::BatchRecommendRequest batch;
  EXPECT_TRUE(absl::IsInvalidArgument(service_.BatchRecommend(batch, CallInfo()).status()));
  for (int i = 0; i < 11; ++i) {
    *batch.add_requests() = For("u1");
    batch.mutable_requests(i)->set_k(10'000);
  }
  const absl::Status status = service_.BatchRecommend(batch, CallInfo()).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message().substr(0, 9), "requests:");
}

TEST_F(RecommendationServiceTest, ExplainedRecommendationsOfABatchCountByTheirParts) {
  v1::BatchRecommendRequest batch;
  for (int i = 0; i < 10; ++i) {
    *batch.add_requests() = For("u1");
    batch.mutable_requests(i)->set_k(100);
    batch.mutable_requests(i)->set_explain(true);
    batch.mutable_requests(i)->set_max_explanation_parts(100);
  }
  EXPECT_TRUE(service_.BatchRecommend(batch, CallInfo()).ok()) << "100,000 parts";
  *batch.add_requests() = For("u1");
  batch.mutable_requests(10)->set_k(1);
  EXPECT_EQ(service_.BatchRecommend(batch, CallInfo()).status().message(),
            "requests: may ask for at most 100000 recommendations or parts of explanations together, got "
            "100001");
  // Without `explain` the number of parts asks for nothing.
  for (v1::RecommendRequest& request : *batch.mutable_requests()) request.set_explain(false);
  EXPECT_TRUE(service_.BatchRecommend(batch, CallInfo()).ok());
}

TEST_F(RecommendationServiceTest, ARequestOfABatchThatExplainsTooManyFailsAlone) {
  v1::BatchRecommendRequest batch;
  *batch.add_requests() = For("u1");
  batch.mutable_requests(0)->set_k(10'000);
  batch.mutable_requests(0)->set_explain(true);
  batch.mutable_requests(0)->set_max_explanation_parts(100);
  *batch.add_requests() = For("u2");
  const auto response = service_.BatchRecommend(batch, CallInfo());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->results(0).error().message().substr(0, 2), "k:");
  EXPECT_TRUE(response->results(1).has_response());
}

TEST_F(RecommendationServiceTest, ABatchEndsWhenNobodyWaits) {
  CancellationToken cancellation;
  cancellation.Cancel();
  v1::BatchRecommendRequest batch;
  *batch.add_requests() = For("u1");
  const CallInfo call(absl::InfiniteFuture(), &cancellation, &world_.clock);
  EXPECT_TRUE(absl::IsCancelled(service_.BatchRecommend(batch, call).status()));
}

TEST_F(RecommendationServiceTest, FindsNeighbours) {
  v1::SimilarItemsRequest items;
  items.set_item_id("a");
  const auto similar = service_.SimilarItems(items, CallInfo());
  ASSERT_TRUE(similar.ok()) << similar.status();
  ASSERT_EQ(similar->items_size(), 3);
  EXPECT_EQ(similar->items(0).item_id(), "b");
  EXPECT_EQ(similar->items(0).title(), "Title of b");
  items.set_item_id("unknown");
  EXPECT_TRUE(absl::IsNotFound(service_.SimilarItems(items, CallInfo()).status()));
  v1::SimilarUsersRequest users;
  users.set_user_id("u1");
  const auto neighbours = service_.SimilarUsers(users, CallInfo());
  ASSERT_TRUE(neighbours.ok()) << neighbours.status();
  ASSERT_EQ(neighbours->users_size(), 1);
  EXPECT_EQ(neighbours->users(0).user_id(), "u2");
  EXPECT_EQ(neighbours->source(), v1::SOURCE_MODEL);
}

TEST_F(RecommendationServiceTest, ScoresInTheOrderAskedFor) {
  v1::ScoreItemsRequest request;
  request.set_user_id("u1");
  for (const char* id : {"b", "unknown", "a"}) request.add_item_ids(id);
  const auto response = service_.ScoreItems(request, CallInfo());
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->scores_size(), 3);
  EXPECT_FLOAT_EQ(response->scores(0).score(), 0.81f);
  EXPECT_EQ(response->scores(0).title(), "Title of b");
  EXPECT_FALSE(response->scores(1).has_score());
  EXPECT_FLOAT_EQ(response->scores(2).score(), 1.0f);
}

TEST_F(RecommendationServiceTest, ExplainsByTheHistory) {
  v1::ExplainRequest request;
  request.mutable_history()->add_entries()->set_item_id("a");
  request.mutable_history()->add_entries()->set_item_id("d");
  request.mutable_history()->add_entries()->set_item_id("no such item");
  request.set_item_id("b");
  request.set_max_parts(1);
  const auto response = service_.Explain(request, CallInfo());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->item_id(), "b");
  EXPECT_EQ(response->title(), "Title of b");
  ASSERT_EQ(response->parts_size(), 1);
  EXPECT_EQ(response->parts(0).item_id(), "a");
  EXPECT_NEAR(response->score(), response->parts(0).contribution() + response->other_contribution(), 1e-5);
  ASSERT_EQ(response->unknown_item_ids_size(), 1);
  EXPECT_EQ(response->unknown_item_ids(0), "no such item");
}

TEST(RecommendationService, SaysThatNoModelIsLoaded) {
  World world;
  RecommendationService service(world.recommender.get(), &world.snapshots, world.stores.catalog.get(),
                                &world.metrics, 1);
  v1::RecommendRequest request;
  request.set_user_id("u");
  const RecommendQuery query = FromProto(request).value();
  EXPECT_TRUE(absl::IsFailedPrecondition(service.Answer(query).status()));
  v1::BatchRecommendRequest batch;
  *batch.add_requests() = request;
  EXPECT_TRUE(absl::IsFailedPrecondition(service.BatchRecommend(batch, CallInfo()).status()));
}

}  // namespace
}  // namespace ridgeline
