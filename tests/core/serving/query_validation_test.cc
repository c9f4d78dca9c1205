#include "core/serving/query_validation.h"

#include <functional>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct BadQuery {
  std::string message;  ///< what the error begins with
  std::function<void(RecommendQuery&)> spoil;
};

TEST(ValidateRecommendQuery, NamesTheFieldThatIsWrong) {
  const auto model = MakeStoredModel({}).model;  // implicit, K = 4
  const std::vector<BadQuery> bad_queries = {
      {"k: must be between 1 and 10000, got 0", [](RecommendQuery& q) { q.k = 0; }},
      {"k: must be between 1 and 10000, got -1", [](RecommendQuery& q) { q.k = -1; }},
      {"k: must be between 1 and 10000, got 1000000000", [](RecommendQuery& q) { q.k = 1'000'000'000; }},
      {"k: must be between 1 and 1000, got 1001",
       [](RecommendQuery& q) {
         q.k = 1001;
         q.diversity = 0.5f;
       }},
      {"k: must be between 1 and 100, got 101",
       [](RecommendQuery& q) {
         q.k = 101;
         q.explain_parts = 1;
       }},
      {"user_id", [](RecommendQuery& q) { q.subject = UserSubject{""}; }},
      {"user_id", [](RecommendQuery& q) { q.subject = UserSubject{std::string(257, 'u')}; }},
      {"user_id", [](RecommendQuery& q) { q.subject = UserSubject{"\xc3\x28"}; }},
      {"history.entries[1].value: must be finite",
       [](RecommendQuery& q) {
         q.subject = HistorySubject{{{"a", 1.0f}, {"b", kNan}}};
       }},
      {"history.entries[0].value: must be finite",
       [](RecommendQuery& q) {
         q.subject = HistorySubject{{{"a", -kInfinity}}};
       }},
      {"history.entries[0].value: must be above 0",
       [](RecommendQuery& q) {
         q.subject = HistorySubject{{{"a", 0.0f}}};
       }},
      {"history.entries: must have at most 100000 entries, got 100001",
       [](RecommendQuery& q) { q.subject = HistorySubject{std::vector<HistorySubject::Entry>(100'001)}; }},
      {"vector.factors: must have 4 numbers like the model, got 3",
       [](RecommendQuery& q) {
         q.subject = VectorSubject{{{1.0f, 2.0f, 3.0f}, 0.0f}};
       }},
      {"vector.factors[3]: must be finite",
       [](RecommendQuery& q) {
         q.subject = VectorSubject{{{1.0f, 2.0f, 3.0f, kNan}, 0.0f}};
       }},
      {"vector.bias: must be finite",
       [](RecommendQuery& q) {
         q.subject = VectorSubject{{{1.0f, 2.0f, 3.0f, 4.0f}, kInfinity}};
       }},
      {"filter.exclude_item_ids: must have at most 100000 entries",
       [](RecommendQuery& q) { q.selection.exclude_item_ids.resize(1'000'001); }},
      {"filter.candidate_item_ids: must have at most 100000 entries",
       [](RecommendQuery& q) { q.selection.candidate_item_ids.resize(1'000'001); }},
      {"filter.tags.any[0]", [](RecommendQuery& q) { q.selection.tags.any = {""}; }},
      {"filter.tags.all[1]",
       [](RecommendQuery& q) {
         q.selection.tags.all = {"x", std::string(257, 'x')};
       }},
      {"filter.tags.none: must have at most 1000 entries",
       [](RecommendQuery& q) { q.selection.tags.none.resize(1'001, "x"); }},
      {"boosts: must have at most 1000 entries", [](RecommendQuery& q) { q.boosts.resize(1'001); }},
      {"boosts[0]: exactly one of tag and item_id", [](RecommendQuery& q) { q.boosts = {{}}; }},
      {"boosts[0]: exactly one of tag and item_id",
       [](RecommendQuery& q) {
         q.boosts = {{"t", "i"}};
       }},
      {"boosts[0].tag",
       [](RecommendQuery& q) {
         q.boosts = {{"\xff", ""}};
       }},
      {"boosts[1].multiply",
       [](RecommendQuery& q) {
         q.boosts = {{"t", ""}, {"t", "", kNan, 0.0f}};
       }},
      {"boosts[0].multiply",
       [](RecommendQuery& q) {
         q.boosts = {{"t", "", -1.0f, 0.0f}};
       }},
      {"boosts[0].add",
       [](RecommendQuery& q) {
         q.boosts = {{"t", "", 1.0f, kInfinity}};
       }},
      {"diversity", [](RecommendQuery& q) { q.diversity = 1.1f; }},
      {"diversity", [](RecommendQuery& q) { q.diversity = -0.1f; }},
      {"diversity", [](RecommendQuery& q) { q.diversity = kNan; }},
      {"minimum_score", [](RecommendQuery& q) { q.minimum_score = kNan; }},
      {"max_explanation_parts", [](RecommendQuery& q) { q.explain_parts = 101; }},
      {"max_explanation_parts", [](RecommendQuery& q) { q.explain_parts = -1; }},
      {"exploration.scale", [](RecommendQuery& q) { q.exploration.scale = -1.0f; }},
      {"exploration.scale", [](RecommendQuery& q) { q.exploration.scale = kNan; }},
      {"exploration.scale", [](RecommendQuery& q) { q.exploration.scale = 1e4f; }},
      {"tag_caps[1].max_count",
       [](RecommendQuery& q) {
         q.tag_caps = {{"a", false, 1}, {"b", false, 0}};
       }},
      {"tag_caps[0].max_count",
       [](RecommendQuery& q) {
         q.tag_caps = {{"a", false, 10'001}};
       }},
      {"tag_caps[0].tag:",
       [](RecommendQuery& q) {
         q.tag_caps = {{"", false, 1}};
       }},
      {"tag_caps[0].tag_prefix",
       [](RecommendQuery& q) {
         q.tag_caps = {{std::string(257, 'a'), true, 1}};
       }},
      {"tag_caps[2].tag: is capped already",
       [](RecommendQuery& q) {
         q.tag_caps = {{"a", false, 1}, {"a", true, 1}, {"a", false, 2}};
       }},
      {"tag_caps: must have at most 1000", [](RecommendQuery& q) { q.tag_caps.resize(1'001); }},
      {"tag_caps: must be empty with a diversity",
       [](RecommendQuery& q) {
         q.diversity = 0.5f;
         q.tag_caps = {{"a", false, 1}};
       }},
      {"page_token: must be empty with a diversity",
       [](RecommendQuery& q) {
         q.diversity = 0.5f;
         q.page_token = "x";
       }},
  };
  for (const BadQuery& bad : bad_queries) {
    RecommendQuery query = ServingWorld::QueryOf("u");
    ASSERT_TRUE(ValidateRecommendQuery(query, *model).ok());
    bad.spoil(query);
    const absl::Status status = ValidateRecommendQuery(query, *model);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad.message;
    EXPECT_THAT(std::string(status.message()), StartsWith(bad.message));
  }
}

TEST(ValidateSubject, TakesAnyFiniteRatingForExplicitFeedback) {
  ServedModel served;
  served.feedback = Feedback::kExplicit;
  const auto model = MakeStoredModel(served).model;
  EXPECT_TRUE(ValidateSubject(HistorySubject{{{"a", 0.0f}, {"b", -3.0f}}}, *model).ok());
}

}  // namespace
}  // namespace ridgeline
