#include "server/recommend_batcher.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/convert_recommendation_request.h"
#include "tests/server/queue/pool_blocker.h"
#include "tests/server/recommend_calls.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

v1::RecommendRequest For(const std::string& user_id, int k = 3) {
  v1::RecommendRequest request;
  request.set_user_id(user_id);
  request.set_k(k);
  request.set_include_seen(true);
  return request;
}

class RecommendBatcherTest : public testing::Test {
 protected:
  // Sends `requests` while the only thread is busy, so that they are answered together.
  std::vector<RecommendCalls::Answer> AnswerTogether(const std::vector<v1::RecommendRequest>& requests) {
    PoolBlocker blocker(&pool_);
    for (const v1::RecommendRequest& request : requests) calls_.Start(request);
    blocker.Release();
    return calls_.Finish();
  }

  // What the call would get alone, without its recommendation id.
  std::string Alone(const v1::RecommendRequest& request) {
    const absl::StatusOr<RecommendQuery> query = FromProto(request);
    if (!query.ok()) return std::string(query.status().message());
    auto response = service_.Answer(*query);
    if (!response.ok()) return std::string(response.status().message());
    response->clear_recommendation_id();
    return response->DebugString();
  }

  static std::string Content(RecommendCalls::Answer answer) {
    if (!answer.status.ok()) return answer.status.error_message();
    EXPECT_FALSE(answer.response.recommendation_id().empty());
    answer.response.clear_recommendation_id();
    return answer.response.DebugString();
  }

  World world_;
  Logger logger_{LogLevel::kError, &world_.clock};
  RecommendationService service_{world_.recommender.get(), &world_.snapshots, world_.stores.catalog.get(),
                                 &world_.metrics, 1};
  RecommendBatcher batcher_{&service_};
  WorkPool pool_{1, 100};
  BatchMethod method_{RpcEnvironment{&world_.metrics, &logger_, &world_.clock}, "Recommend", &pool_,
                      &batcher_};
  RecommendCalls calls_{&method_};
};

TEST_F(RecommendBatcherTest, EachCallGetsWhatItWouldGetAlone) {
  world_.Serve();
  std::vector<v1::RecommendRequest> requests = {For("u1"),    For("u2"),    For("nobody"),
                                                For("u1", 0), For("u2", 1), v1::RecommendRequest()};
  requests.push_back(For("u1"));
  requests.back().set_diversity(0.5f);
  requests.push_back(For("u2"));
  requests.back().mutable_filter()->add_exclude_item_ids("c");
  requests.push_back(For("u2"));
  requests.back().add_boosts()->set_item_id("no effect");
  requests.push_back(For("u1", 1'000));
  const auto answers = AnswerTogether(requests);
  for (size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(Content(answers[i]), Alone(requests[i])) << requests[i].DebugString();
  }
}

TEST_F(RecommendBatcherTest, ARequestThatCannotBeParsedFailsAlone) {
  world_.Serve();
  v1::RecommendRequest bad;
  const auto answers = [&] {
    PoolBlocker blocker(&pool_);
    calls_.Start(For("u1"));
    calls_.Start(std::string("\x0a\x02\xff\xfe", 4));
    calls_.Start(For("u2"));
    blocker.Release();
    return calls_.Finish();
  }();
  EXPECT_TRUE(answers[0].status.ok());
  EXPECT_EQ(answers[1].status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_TRUE(answers[2].status.ok());
}

TEST_F(RecommendBatcherTest, EachCallIsToldThatNoModelIsLoaded) {
  for (const auto& answer : AnswerTogether({For("u1"), For("u2")})) {
    EXPECT_EQ(answer.status.error_code(), grpc::FAILED_PRECONDITION);
    EXPECT_EQ(answer.status.error_message(), "no model is loaded");
  }
}

}  // namespace
}  // namespace ridgeline
