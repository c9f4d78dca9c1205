#include "core/serving/exploration.h"

#include <string>

#include "core/als/posterior.h"
#include "core/base/checksum.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

class ExplorationTest : public testing::Test, protected ServingWorld {
 protected:
  ExplorationTest() {
    Serve({});
    for (const char* user : {"u0", "u1"}) {
      for (const char* item : {"i3", "i7", "i9"}) log.Record(user, item, 1.0f);
    }
  }

  static RecommendQuery Exploring(const std::string& user_id, float scale, uint64_t seed) {
    RecommendQuery query = QueryOf(user_id, 20);
    query.exploration = {scale, seed};
    return query;
  }

  RecommendResult Recommend(const RecommendQuery& query) { return recommender.Recommend(query).value(); }

  std::vector<std::string> Ids(const std::string& user_id, float scale, uint64_t seed) {
    return IdsOf(Recommend(Exploring(user_id, scale, seed)).recommendations);
  }
};

TEST_F(ExplorationTest, IsOffByDefault) {
  EXPECT_FALSE(Recommend(QueryOf("u0")).explored);
  EXPECT_EQ(Ids("u0", 0.0f, 1), Ids("u0", 0.0f, 2));
}

TEST_F(ExplorationTest, RepeatsWithItsSeedAndDiffersWithAnother) {
  EXPECT_TRUE(Recommend(Exploring("u0", 1.0f, 1)).explored);
  EXPECT_EQ(Ids("u0", 1.0f, 1), Ids("u0", 1.0f, 1));
  EXPECT_NE(Ids("u0", 1.0f, 1), Ids("u0", 1.0f, 2));
}

TEST_F(ExplorationTest, DrawsByTheSeedAndTheUser) {
  const auto snapshot = snapshots.Get();
  UserState state;
  state.history = {{3, 7}, {1.0f, 1.0f}};
  state.vector = snapshot->model().User(0);
  state.source = RecommendationSource::kModel;
  const auto explored =
      Explore(Exploring("u0", 0.5f, 9), *snapshot, std::make_shared<const UserState>(state)).value();
  const Random random = Random::Fork(9, Checksum64("u0"));
  EXPECT_EQ(explored->vector.factors,
            SamplePosterior(snapshot->model(), state.history, state.vector, 0.5, random)->factors);
  EXPECT_EQ(explored->history.rows, state.history.rows) << "what was seen stays seen";
}

TEST_F(ExplorationTest, UsersOfOneSeedDoNotExploreAlike) {
  const auto snapshot = snapshots.Get();
  UserState state;
  state.history = {{3, 7}, {1.0f, 1.0f}};
  state.vector = snapshot->model().User(0);
  state.source = RecommendationSource::kFoldIn;
  const auto shared = std::make_shared<const UserState>(state);
  EXPECT_NE(Explore(Exploring("u0", 1.0f, 9), *snapshot, shared).value()->vector.factors,
            Explore(Exploring("u1", 1.0f, 9), *snapshot, shared).value()->vector.factors);
}

TEST_F(ExplorationTest, PagesOfOneSeedAreOneRanking) {
  RecommendQuery query = Exploring("u0", 1.0f, 4);
  query.k = 47;
  const std::vector<std::string> whole = IdsOf(Recommend(query).recommendations);
  std::vector<std::string> paged;
  query.k = 10;
  do {
    const RecommendResult page = Recommend(query);
    for (const std::string& id : IdsOf(page.recommendations)) paged.push_back(id);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  EXPECT_EQ(paged, whole);
}

TEST_F(ExplorationTest, AnotherSeedIsAnotherRequestToItsPages) {
  RecommendQuery query = Exploring("u0", 1.0f, 4);
  query.page_token = Recommend(query).next_page_token;
  query.exploration.seed = 5;
  EXPECT_THAT(std::string(recommender.Recommend(query).status().message()), StartsWith("page_token:"));
  query.exploration = {2.0f, 4};
  EXPECT_THAT(std::string(recommender.Recommend(query).status().message()), StartsWith("page_token:"));
}

TEST_F(ExplorationTest, DoesNothingWhereTheUncertaintyIsNotKnown) {
  EXPECT_FALSE(Recommend(Exploring("stranger", 1.0f, 1)).explored);
  EXPECT_FALSE(Recommend(Exploring("u5", 1.0f, 1)).explored) << "trained, but without a history in the log";
  RecommendQuery query = Exploring("", 1.0f, 1);
  query.subject = VectorSubject{{{1.0f, 0.0f, 0.0f, 0.0f}, 0.0f}};
  EXPECT_FALSE(Recommend(query).explored);
  query.subject = HistorySubject{{{"i1", 1.0f}}};
  EXPECT_TRUE(Recommend(query).explored);
}

TEST_F(ExplorationTest, OfANonNegativeModelIsRefused) {
  Serve({.version = "v000002", .non_negative = true});
  const absl::Status status = recommender.Recommend(Exploring("u0", 1.0f, 1)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), StartsWith("exploration:"));
  EXPECT_TRUE(recommender.Recommend(QueryOf("u0")).ok());
}

}  // namespace
}  // namespace ridgeline
