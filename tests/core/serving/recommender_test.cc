#include "core/serving/recommender.h"

#include <cmath>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

class RecommenderTest : public testing::Test, protected ServingWorld {};

TEST_F(RecommenderTest, EveryCallSaysSoWhenNoModelIsLoaded) {
  const std::vector<absl::Status> statuses = {
      recommender.Recommend(QueryOf("u0")).status(),
      recommender.ScoreItems(UserSubject{"u0"}, {"i0"}).status(), recommender.SimilarItems({"i0"}).status(),
      recommender.SimilarUsers({"u0"}).status(), recommender.Explain(UserSubject{"u0"}, "i0").status()};
  for (const absl::Status& status : statuses) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(std::string(status.message()), "no model is loaded");
  }
}

TEST_F(RecommenderTest, AnswersWithIdsTitlesRanksAndTheVersion) {
  catalog.Put("i7", "Seven");
  Serve({});
  const RecommendResult result = recommender.Recommend(QueryOf("u0", 50)).value();
  EXPECT_EQ(result.model_version, "v000001");
  EXPECT_EQ(result.source, RecommendationSource::kModel);
  ASSERT_EQ(result.recommendations.size(), 50u);
  for (size_t i = 0; i < 50; ++i) {
    const Recommendation& recommendation = result.recommendations[i];
    EXPECT_EQ(recommendation.rank, static_cast<int64_t>(i + 1));
    EXPECT_EQ(recommendation.title, recommendation.item_id == "i7" ? "Seven" : "");
  }
}

TEST_F(RecommenderTest, ARecordedInteractionShowsInTheVeryNextAnswer) {
  Serve({});
  EXPECT_EQ(recommender.Recommend(QueryOf("stranger")).value().source, RecommendationSource::kPopular);
  log.Record("stranger", "i5", 1.0f);
  recommender.ForgetUser("stranger");
  const RecommendResult result = recommender.Recommend(QueryOf("stranger", 50)).value();
  EXPECT_EQ(result.source, RecommendationSource::kFoldIn);
  EXPECT_EQ(result.recommendations.size(), 49u);
  EXPECT_THAT(IdsOf(result.recommendations), Not(Contains("i5")));
}

TEST_F(RecommenderTest, StrangersGetThePopularItemsWithinTheirFilters) {
  Serve({});
  RecommendQuery query = QueryOf("stranger", 3);
  query.selection.candidate_item_ids = {"i1", "i2", "i3", "nonsense"};
  query.boosts = {{"", "i2", 1.0f, 1'000.0f}};
  const RecommendResult result = recommender.Recommend(query).value();
  EXPECT_EQ(result.source, RecommendationSource::kPopular);
  ASSERT_EQ(result.recommendations.size(), 3u);
  EXPECT_EQ(result.recommendations.front().item_id, "i2");
  EXPECT_THAT(result.unknown_item_ids, ElementsAre("nonsense"));
}

TEST_F(RecommenderTest, ReportsUnknownIdsOnceInTheOrderOfTheRequest) {
  Serve({});
  RecommendQuery query = QueryOf("u0");
  query.subject = HistorySubject{{{"x", 1.0f}, {"i1", 1.0f}, {"y", 1.0f}}};
  query.selection.exclude_item_ids = {"z", "x", "i2"};
  query.boosts = {{"", "w", 1.0f, 1.0f}};
  const RecommendResult result = recommender.Recommend(query).value();
  EXPECT_THAT(result.unknown_item_ids, ElementsAre("x", "y", "z", "w"));
}

TEST_F(RecommenderTest, ABatchKeepsToTheSnapshotThatItWasGiven) {
  Serve({});
  const auto snapshot = snapshots.Get();
  Serve({.seed = 2, .version = "v000002"});
  const RecommendQuery query = QueryOf("u0");
  const auto batch = absl::MakeConstSpan(&query, 1);
  EXPECT_EQ(recommender.RecommendEach(batch, snapshot).front().value().model_version, "v000001");
  EXPECT_EQ(recommender.Recommend(query).value().model_version, "v000002");
  EXPECT_EQ(recommender.RecommendEach(batch, nullptr).front().status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(RecommenderTest, ABatchAnswersEachQueryAsIfItCameAlone) {
  Serve({});
  std::vector<RecommendQuery> queries = {QueryOf("u0", 3), QueryOf("stranger", 4), QueryOf("u2", 0),
                                         QueryOf("u1", 5)};
  queries[3].selection.exclude_item_ids = {"i1", "unheard of"};
  ScanStatistics statistics;
  const auto results = recommender.RecommendEach(queries, snapshots.Get(), &statistics);
  ASSERT_EQ(results.size(), queries.size());
  for (size_t i = 0; i < queries.size(); ++i) {
    const auto alone = recommender.Recommend(queries[i]);
    ASSERT_EQ(results[i].status(), alone.status()) << i;
    if (!alone.ok()) continue;
    EXPECT_EQ(results[i]->source, alone->source);
    EXPECT_EQ(results[i]->unknown_item_ids, alone->unknown_item_ids);
    ASSERT_EQ(results[i]->recommendations.size(), alone->recommendations.size());
    for (size_t rank = 0; rank < alone->recommendations.size(); ++rank) {
      EXPECT_EQ(results[i]->recommendations[rank].item_id, alone->recommendations[rank].item_id);
      EXPECT_EQ(results[i]->recommendations[rank].score, alone->recommendations[rank].score);
    }
  }
  EXPECT_FALSE(results[2].ok());
  EXPECT_EQ(statistics.queries, 2);  // the stranger got popular items, another query was refused
}

TEST_F(RecommenderTest, EveryCallAnswersAUserFromTheModelOfTheirArm) {
  Serve({});
  snapshots.SetCandidate(MakeCandidate(
      ServingSnapshot::Create(MakeStoredModel({.seed = 2, .version = "v000002"}), catalog), 1.0));
  log.Record("u0", "i1", 1.0f);
  const UserSubject user{"u0"};
  EXPECT_EQ(recommender.Recommend(QueryOf("u0")).value().model_version, "v000002");
  EXPECT_EQ(recommender.ScoreItems(user, {"i0"}).value().model_version, "v000002");
  EXPECT_EQ(recommender.SimilarUsers({"u0"}).value().model_version, "v000002");
  EXPECT_EQ(recommender.Explain(user, "i0").value().model_version, "v000002");
  EXPECT_EQ(recommender.SimilarItems({"i0"}).value().model_version, "v000001");
  snapshots.SetCandidate(nullptr);
  EXPECT_EQ(recommender.Recommend(QueryOf("u0")).value().model_version, "v000001");
}

TEST_F(RecommenderTest, ExplainsEachItemByTheHistory) {
  Serve({});
  RecommendQuery query = QueryOf("u0", 5);
  query.subject = HistorySubject{{{"i1", 1.0f}, {"i2", 1.0f}, {"i3", 1.0f}}};
  query.explain_parts = 2;
  const RecommendResult result = recommender.Recommend(query).value();
  for (const Recommendation& recommendation : result.recommendations) {
    EXPECT_EQ(recommendation.parts.size(), 2u);
  }
}

TEST_F(RecommenderTest, WrongRequestsNameTheirField) {
  Serve({});
  RecommendQuery query = QueryOf("u0", 0);
  EXPECT_THAT(std::string(recommender.Recommend(query).status().message()), StartsWith("k: "));
  query = QueryOf("u0");
  query.selection.exclude_item_ids = {"i1", ""};
  EXPECT_THAT(std::string(recommender.Recommend(query).status().message()),
              StartsWith("filter.exclude_item_ids[1]"));
  EXPECT_THAT(std::string(recommender.SimilarItems({"i0", 0}).status().message()), StartsWith("k: "));
  EXPECT_THAT(std::string(recommender.SimilarItems({""}).status().message()), StartsWith("item_id"));
  EXPECT_THAT(std::string(recommender.SimilarUsers({""}).status().message()), StartsWith("user_id"));
  EXPECT_THAT(std::string(recommender.ScoreItems(UserSubject{"u0"}, {}).status().message()),
              StartsWith("item_ids: "));
  EXPECT_THAT(std::string(recommender.ScoreItems(UserSubject{"u0"}, {"i0", ""}).status().message()),
              StartsWith("item_ids[1]"));
}

TEST_F(RecommenderTest, ScoresWhatItRecommendsTheSame) {
  Serve({.feedback = Feedback::kExplicit});
  const RecommendResult result = recommender.Recommend(QueryOf("u4", 50)).value();
  const ScoreItemsResult scores =
      recommender.ScoreItems(UserSubject{"u4"}, IdsOf(result.recommendations)).value();
  for (size_t i = 0; i < 50; ++i) EXPECT_EQ(scores.scores[i].score, result.recommendations[i].score);
}

TEST_F(RecommenderTest, ScoresTellUnknownItemsApart) {
  Serve({});
  const ScoreItemsResult result = recommender.ScoreItems(UserSubject{"stranger"}, {"nonsense", "i3"}).value();
  EXPECT_EQ(result.source, RecommendationSource::kPopular);
  EXPECT_FALSE(result.scores[0].known);
  EXPECT_TRUE(result.scores[1].known);
  EXPECT_EQ(result.scores[1].score, snapshots.Get()->popularity()[3]);
}

TEST_F(RecommenderTest, SimilarItemsLeaveOutTheItemItself) {
  catalog.Put("i3", "Three");
  Serve({});
  const SimilarResult result = recommender.SimilarItems({"i0", 100}).value();
  EXPECT_EQ(result.similar.size(), 49u);
  float last = 1.0f;
  for (const Similar& similar : result.similar) {
    EXPECT_NE(similar.id, "i0");
    EXPECT_EQ(similar.title, similar.id == "i3" ? "Three" : "");
    EXPECT_LE(similar.cosine, last);
    last = similar.cosine;
  }
}

TEST_F(RecommenderTest, SimilarItemsOfAnUnknownItemAreNotFound) {
  Serve({});
  EXPECT_EQ(recommender.SimilarItems({"nonsense"}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RecommenderTest, SimilarUsersLeaveOutTheUserItself) {
  Serve({});
  const SimilarResult result = recommender.SimilarUsers({"u0", 100}).value();
  EXPECT_EQ(result.similar.size(), 19u);
  for (const Similar& similar : result.similar) EXPECT_NE(similar.id, "u0");
  EXPECT_EQ(recommender.SimilarUsers({"u0", 3}).value().similar.size(), 3u);
}

TEST_F(RecommenderTest, SimilarUsersOfAFoldedInUserAreFound) {
  Serve({});
  log.Record("stranger", "i1", 1.0f);
  const SimilarResult result = recommender.SimilarUsers({"stranger", 5}).value();
  EXPECT_EQ(result.source, RecommendationSource::kFoldIn);
  EXPECT_EQ(result.similar.size(), 5u);
  EXPECT_EQ(recommender.SimilarUsers({"nobody"}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RecommenderTest, UsersDeletedSinceTrainingAreNobodysNeighbours) {
  for (int user = 0; user < 20; user += 2) log.Record(absl::StrCat("u", user), "i1", 1.0f);
  Serve({.trained_through_sequence = log.last_sequence()});
  const SimilarResult result = recommender.SimilarUsers({"u0", 7}).value();
  std::set<std::string> ids;
  for (const Similar& similar : result.similar) ids.insert(similar.id);
  EXPECT_EQ(ids.size(), 7u);
  for (int user = 1; user < 20; user += 2) EXPECT_EQ(ids.count(absl::StrCat("u", user)), 0u);
}

TEST_F(RecommenderTest, ExplanationOfAGivenHistorySumsToTheScore) {
  Serve({.feedback = Feedback::kExplicit});
  const HistorySubject history{{{"i1", 4.0f}, {"i2", 2.0f}, {"i9", 5.0f}}};
  const ExplainResult result = recommender.Explain(history, "i20").value();
  double sum = double{result.global_mean} + result.user_bias + result.item_bias;
  for (const ExplanationPart& part : result.parts) sum += part.contribution;
  EXPECT_NEAR(sum, result.score, 1e-3);
  EXPECT_EQ(result.parts.size(), 3u);
  EXPECT_EQ(result.score, recommender.ScoreItems(history, {"i20"}).value().scores[0].score);
}

TEST_F(RecommenderTest, WhatCannotBeExplainedSaysWhy) {
  Serve({});
  EXPECT_EQ(recommender.Explain(UserSubject{"nobody"}, "i1").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(recommender.Explain(UserSubject{"u0"}, "nonsense").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(recommender.Explain(UserSubject{"u0"}, "i1").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(recommender.Explain(VectorSubject{{{1, 1, 1, 1}, 0}}, "i1").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(RecommenderTest, AnswersOfOneVersionEachWhileModelsAreSwapped) {
  Serve({.factors = 4, .version = "v4"});
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  const auto ask = [&] {
    while (!done.load()) {
      const auto snapshot = snapshots.Get();
      const auto result = recommender.Recommend(QueryOf("u1", 5));
      wrong += !result.ok() || result->recommendations.size() != 5;
      const RecommendQuery query = QueryOf("u1", 1);
      const auto pinned = recommender.RecommendEach(absl::MakeConstSpan(&query, 1), snapshot).front();
      wrong +=
          !pinned.ok() || pinned->model_version != snapshot->version() ||
          pinned->recommendations[0].score !=
              snapshot->index().Score(snapshot->model().User(1).factors, snapshot->model().User(1).bias,
                                      *snapshot->model().item_ids().Find(pinned->recommendations[0].item_id));
    }
  };
  std::thread one(ask);
  std::thread two(ask);
  for (int factors = 5; factors < 25; ++factors) {
    Serve({.factors = factors, .version = absl::StrCat("v", factors)});
  }
  done = true;
  one.join();
  two.join();
  EXPECT_EQ(wrong.load(), 0);
}

}  // namespace
}  // namespace ridgeline
