#include "server/convert_recommendation_request.h"

#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

TEST(ConvertRecommendationRequest, HasTheDocumentedDefaults) {
  v1::RecommendRequest request;
  request.set_user_id("u");
  const auto query = FromProto(request);
  ASSERT_TRUE(query.ok()) << query.status();
  EXPECT_EQ(std::get<UserSubject>(query->subject).user_id, "u");
  EXPECT_EQ(query->k, 10);
  EXPECT_FALSE(query->include_seen);
  EXPECT_EQ(query->diversity, 0.0f);
  EXPECT_FALSE(query->minimum_score.has_value());
  EXPECT_EQ(query->explain_parts, 0);
  EXPECT_EQ(query->exploration.scale, 0.0f);
  EXPECT_TRUE(query->tag_caps.empty());
}

TEST(ConvertRecommendationRequest, TakesEveryPart) {
  v1::RecommendRequest request;
  request.mutable_history()->add_entries()->set_item_id("a");
  request.mutable_history()->add_entries()->set_value(0.0f);
  request.set_k(0);
  request.set_include_seen(true);
  request.mutable_filter()->add_exclude_item_ids("x");
  request.mutable_filter()->add_candidate_item_ids("y");
  request.mutable_filter()->mutable_tags()->add_any("t");
  request.mutable_filter()->set_include_unavailable(true);
  request.add_boosts()->set_tag("t");
  request.mutable_boosts(0)->set_multiply(0.0f);
  request.add_boosts()->set_item_id("i");
  request.mutable_boosts(1)->set_add(2.0f);
  request.set_minimum_score(0.0f);
  request.set_explain(true);
  request.set_page_token("token");
  request.mutable_exploration()->set_scale(0.5f);
  request.mutable_exploration()->set_seed(~uint64_t{0});
  request.add_tag_caps()->set_tag("t");
  request.mutable_tag_caps(0)->set_max_count(3);
  request.add_tag_caps()->set_tag_prefix("");
  const auto query = FromProto(request);
  ASSERT_TRUE(query.ok()) << query.status();
  const auto& history = std::get<HistorySubject>(query->subject);
  EXPECT_EQ(history.entries[0].value, 1.0f);
  EXPECT_EQ(history.entries[1].value, 0.0f);
  EXPECT_EQ(query->k, 0);  // wrong, and not to be mistaken for unset
  EXPECT_TRUE(query->include_seen);
  EXPECT_EQ(query->selection.exclude_item_ids.front(), "x");
  EXPECT_EQ(query->selection.candidate_item_ids.front(), "y");
  EXPECT_EQ(query->selection.tags.any.front(), "t");
  EXPECT_TRUE(query->selection.include_unavailable);
  EXPECT_EQ(query->boosts[0].multiply, 0.0f);
  EXPECT_EQ(query->boosts[0].add, 0.0f);
  EXPECT_EQ(query->boosts[1].multiply, 1.0f);
  EXPECT_EQ(query->boosts[1].add, 2.0f);
  EXPECT_EQ(*query->minimum_score, 0.0f);
  EXPECT_EQ(query->explain_parts, 5);
  EXPECT_EQ(query->page_token, "token");
  EXPECT_EQ(query->exploration.scale, 0.5f);
  EXPECT_EQ(query->exploration.seed, ~uint64_t{0});
  EXPECT_EQ(query->tag_caps[0].tag, "t");
  EXPECT_EQ(query->tag_caps[0].max_count, 3);
  EXPECT_FALSE(query->tag_caps[0].is_prefix);
  EXPECT_TRUE(query->tag_caps[1].is_prefix);
}

TEST(ConvertRecommendationRequest, RequiresASubject) {
  EXPECT_EQ(FromProto(v1::RecommendRequest()).status().message().substr(0, 8), "subject:");
  EXPECT_EQ(FromProto(v1::ScoreItemsRequest()).status().message().substr(0, 8), "subject:");
  EXPECT_EQ(FromProto(v1::ExplainRequest()).status().message().substr(0, 8), "subject:");
}

TEST(ConvertRecommendationRequest, RequiresTheTargetOfATagCap) {
  v1::RecommendRequest request;
  request.set_user_id("u");
  request.add_tag_caps()->set_max_count(1);
  EXPECT_EQ(FromProto(request).status().message().substr(0, 19), "tag_caps[0].target:");
}

TEST(ConvertRecommendationRequest, RequiresTheEffectOfABoost) {
  v1::RecommendRequest request;
  request.set_user_id("u");
  request.add_boosts()->set_tag("t");
  EXPECT_EQ(FromProto(request).status().message().substr(0, 17), "boosts[0].effect:");
}

TEST(ConvertRecommendationRequest, ChecksNumbersOfPartsEvenWhenNothingIsExplained) {
  v1::RecommendRequest request;
  request.set_user_id("u");
  for (const int wrong : {0, -1, 101}) {
    request.set_max_explanation_parts(wrong);
    EXPECT_EQ(FromProto(request).status().message().substr(0, 22), "max_explanation_parts:");
  }
  v1::ExplainRequest explain;
  explain.set_user_id("u");
  explain.set_max_parts(0);
  EXPECT_EQ(FromProto(explain).status().message().substr(0, 10), "max_parts:");
}

// The lists of a request that are copied into a query, each with an element too many.
TEST(ConvertRecommendationRequest, RefusesListsThatAreTooLongBeforeItCopiesThem) {
  const auto add = [](google::protobuf::RepeatedPtrField<std::string>* list, size_t count) {
    for (size_t i = 0; i < count; ++i) list->Add("a");
  };
  using Spoil = std::function<void(v1::RecommendRequest*)>;
  const std::vector<std::pair<std::string, Spoil>> cases = {
      {"history.entries",
       [](auto* r) {
         for (size_t i = 0; i <= kMaxIdsInRequest; ++i) r->mutable_history()->add_entries();
       }},
      {"vector.factors",
       [](auto* r) {
         for (int i = 0; i <= 4'096; ++i) r->mutable_vector()->add_factors(0.0f);
       }},
      {"filter.exclude_item_ids",
       [&](auto* r) { add(r->mutable_filter()->mutable_exclude_item_ids(), kMaxFilterIds + 1); }},
      {"filter.candidate_item_ids",
       [&](auto* r) { add(r->mutable_filter()->mutable_candidate_item_ids(), kMaxFilterIds + 1); }},
      {"filter.tags.any",
       [&](auto* r) { add(r->mutable_filter()->mutable_tags()->mutable_any(), kMaxFilterTags + 1); }},
      {"filter.tags.all",
       [&](auto* r) { add(r->mutable_filter()->mutable_tags()->mutable_all(), kMaxFilterTags + 1); }},
      {"filter.tags.none",
       [&](auto* r) { add(r->mutable_filter()->mutable_tags()->mutable_none(), kMaxFilterTags + 1); }},
      {"boosts",
       [](auto* r) {
         for (size_t i = 0; i <= kMaxBoosts; ++i) r->add_boosts();
       }},
      {"tag_caps", [](auto* r) {
         for (size_t i = 0; i <= kMaxTagCaps; ++i) r->add_tag_caps();
       }}};
  for (const auto& [field, spoil] : cases) {
    v1::RecommendRequest request;
    request.set_user_id("u");
    spoil(&request);
    EXPECT_THAT(std::string(FromProto(request).status().message()), StartsWith(field + ": must have 0 to "));
  }
}

TEST(ConvertRecommendationRequest, ChecksTheFilterOfSimilarItemsToo) {
  v1::SimilarItemsRequest request;
  request.set_item_id("a");
  EXPECT_TRUE(FromProto(request).ok());
  for (size_t i = 0; i <= kMaxFilterTags; ++i) request.mutable_filter()->mutable_tags()->add_any("t");
  EXPECT_THAT(std::string(FromProto(request).status().message()), StartsWith("filter.tags.any: "));
}

TEST(ConvertRecommendationRequest, TakesAVector) {
  v1::ScoreItemsRequest request;
  request.mutable_vector()->add_factors(1.0f);
  request.mutable_vector()->add_factors(2.0f);
  request.mutable_vector()->set_bias(3.0f);
  request.add_item_ids("a");
  const auto query = FromProto(request);
  ASSERT_TRUE(query.ok());
  const auto& vector = std::get<VectorSubject>(query->subject).vector;
  EXPECT_EQ(vector.factors, (std::vector<float>{1.0f, 2.0f}));
  EXPECT_EQ(vector.bias, 3.0f);
}

}  // namespace
}  // namespace ridgeline
