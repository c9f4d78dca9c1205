#include "core/serving/ranking.h"

#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

class RankingTest : public testing::Test {
 protected:
  RankingTest() {
    for (int i = 0; i < 50; i += 2) catalog_.Put(absl::StrCat("i", i), "", {"even"});
    Serve({});
    state_.vector = snapshot_->model().User(0);
    state_.source = RecommendationSource::kModel;
  }

  void Serve(const ServedModel& served) {
    snapshot_ = ServingSnapshot::Create(MakeStoredModel(served), catalog_);
  }

  absl::StatusOr<RankedPage> Rank(const RecommendQuery& query) {
    ItemLookup lookup(&snapshot_->model().item_ids());
    RIDGELINE_ASSIGN_OR_RETURN(const RankingPlan plan,
                               PlanRanking(query, *snapshot_, catalog_, state_, lookup));
    return RankEach(absl::MakeConstSpan(&plan, 1), *snapshot_).front();
  }

  std::vector<uint32_t> Rows(const RankedPage& page) {
    std::vector<uint32_t> rows;
    for (const ScoredItem& item : page.items) rows.push_back(item.row);
    return rows;
  }

  // All pages of `query`, k = 7 each.
  std::vector<uint32_t> AllPages(RecommendQuery query) {
    std::vector<uint32_t> rows;
    query.k = 7;
    do {
      const RankedPage page = Rank(query).value();
      EXPECT_EQ(page.ranked_before, rows.size());
      for (uint32_t row : Rows(page)) rows.push_back(row);
      query.page_token = page.next_page_token;
    } while (!query.page_token.empty());
    return rows;
  }

  FakeCatalog catalog_;
  std::shared_ptr<const ServingSnapshot> snapshot_;
  UserState state_;
};

TEST_F(RankingTest, PagesTogetherAreTheWholeList) {
  std::vector<RecommendQuery> queries(4, ServingWorld::QueryOf("u0", 1'000));
  queries[1].selection.tags.any = {"even"};
  queries[2].boosts = {{"even", "", 0.0f, 1.0f}};
  queries[3].minimum_score = 0.0f;
  for (bool popular : {false, true}) {
    state_.source = popular ? RecommendationSource::kPopular : RecommendationSource::kModel;
    for (const RecommendQuery& query : queries) {
      const RankedPage whole = Rank(query).value();
      EXPECT_TRUE(whole.next_page_token.empty());
      EXPECT_EQ(AllPages(query), Rows(whole));
    }
  }
}

TEST_F(RankingTest, PlansRankedTogetherGetThePagesTheyGetAlone) {
  std::vector<RecommendQuery> queries(4, ServingWorld::QueryOf("u0", 6));
  queries[1].selection.tags.any = {"even"};
  queries[2].boosts = {{"even", "", 2.0f, 1.0f}};
  queries[3].diversity = 0.5f;
  UserState unknown;
  for (const UserState* state : {&state_, static_cast<UserState*>(&unknown)}) {
    std::vector<RankingPlan> plans;
    ItemLookup lookup(&snapshot_->model().item_ids());
    for (const RecommendQuery& query : queries) {
      plans.push_back(PlanRanking(query, *snapshot_, catalog_, *state, lookup).value());
    }
    const std::vector<RankedPage> together = RankEach(plans, *snapshot_);
    ASSERT_EQ(together.size(), plans.size());
    for (size_t i = 0; i < plans.size(); ++i) {
      const RankedPage alone = RankEach(absl::MakeConstSpan(&plans[i], 1), *snapshot_).front();
      EXPECT_EQ(Rows(together[i]), Rows(alone));
      EXPECT_EQ(together[i].next_page_token, alone.next_page_token);
    }
  }
}

TEST_F(RankingTest, APageThatEndsWithTheListHasNoToken) {
  const RankedPage page = Rank(ServingWorld::QueryOf("u0", 50)).value();
  EXPECT_EQ(page.items.size(), 50u);
  EXPECT_TRUE(page.next_page_token.empty());
  EXPECT_FALSE(Rank(ServingWorld::QueryOf("u0", 49)).value().next_page_token.empty());
}

TEST_F(RankingTest, ATokenOfAnotherRequestIsRefused) {
  RecommendQuery query = ServingWorld::QueryOf("u0", 5);
  query.page_token = Rank(query).value().next_page_token;
  query.include_seen = true;
  const absl::Status status = Rank(query).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("page_token: "));
}

TEST_F(RankingTest, ATokenOfAnotherModelVersionIsRefused) {
  RecommendQuery query = ServingWorld::QueryOf("u0", 5);
  query.page_token = Rank(query).value().next_page_token;
  Serve({.version = "v000002"});
  EXPECT_EQ(Rank(query).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RankingTest, ATokenOfThePopularRankingIsRefusedOnceTheUserIsKnown) {
  RecommendQuery query = ServingWorld::QueryOf("u0", 5);
  state_.source = RecommendationSource::kPopular;
  query.page_token = Rank(query).value().next_page_token;
  state_.source = RecommendationSource::kFoldIn;
  EXPECT_EQ(Rank(query).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RankingTest, GarbageForATokenIsRefused) {
  RecommendQuery query = ServingWorld::QueryOf("u0", 5);
  query.page_token = "garbage";
  EXPECT_EQ(Rank(query).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(RankingTest, SeenItemsAreLeftOutUnlessAskedFor) {
  state_.history.rows = {1, 2, 3};
  RecommendQuery query = ServingWorld::QueryOf("u0", 100);
  EXPECT_EQ(Rank(query).value().items.size(), 47u);
  query.include_seen = true;
  EXPECT_EQ(Rank(query).value().items.size(), 50u);
}

TEST_F(RankingTest, DiversityGivesKDistinctItemsAndNoToken) {
  RecommendQuery query = ServingWorld::QueryOf("u0", 20);
  query.diversity = 0.7f;
  const RankedPage page = Rank(query).value();
  const std::vector<uint32_t> rows = Rows(page);
  EXPECT_EQ(std::set<uint32_t>(rows.begin(), rows.end()).size(), 20u);
  EXPECT_TRUE(page.next_page_token.empty());
  query.diversity = 0.0f;
  EXPECT_NE(rows, Rows(Rank(query).value()));
}

TEST_F(RankingTest, ScoreOfIsWhatTheRankingShows) {
  const RankedPage page = Rank(ServingWorld::QueryOf("u0", 50)).value();
  for (const ScoredItem& item : page.items) {
    EXPECT_EQ(item.score, ScoreOf(*snapshot_, state_, item.row));
  }
}

TEST_F(RankingTest, ScoreOfSomebodyUnknownIsPopularityOrTheMeanRating) {
  const UserState nobody;
  EXPECT_EQ(ScoreOf(*snapshot_, nobody, 4), snapshot_->popularity()[4]);
  Serve({.feedback = Feedback::kExplicit});
  EXPECT_FLOAT_EQ(ScoreOf(*snapshot_, nobody, 4), 3.5f + snapshot_->model().items().biases[4]);
}

}  // namespace
}  // namespace ridgeline
