#include "server/convert_recommendation_response.h"

#include <string>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(ConvertRecommendationResponse, KeepsOrderRanksAndParts) {
  RecommendResult result;
  result.recommendations = {{"a", "Title A", 0.9f, 11, {{"h", "Title H", 0.4f}}}, {"b", "", 0.8f, 12, {}}};
  result.source = RecommendationSource::kFoldIn;
  result.model_version = "v000001";
  result.next_page_token = "next";
  result.explored = true;
  const v1::RecommendResponse response = ToProto(result);
  ASSERT_EQ(response.recommendations_size(), 2);
  EXPECT_EQ(response.recommendations(0).item_id(), "a");
  EXPECT_EQ(response.recommendations(0).title(), "Title A");
  EXPECT_EQ(response.recommendations(0).rank(), 11);
  EXPECT_EQ(response.recommendations(0).parts(0).title(), "Title H");
  EXPECT_EQ(response.recommendations(1).score(), 0.8f);
  EXPECT_EQ(response.source(), v1::SOURCE_FOLD_IN);
  EXPECT_EQ(response.model_version(), "v000001");
  EXPECT_EQ(response.next_page_token(), "next");
  EXPECT_TRUE(response.explored());
}

TEST(ConvertRecommendationResponse, CountsUnknownIdsBeyondThoseListed) {
  RecommendResult result;
  result.unknown_item_ids.assign(1500, "x");
  const v1::RecommendResponse response = ToProto(result);
  EXPECT_EQ(response.unknown_item_ids_size(), 1000);
  EXPECT_EQ(response.unknown_item_count(), 1500);
}

TEST(ConvertRecommendationResponse, AGivenVectorCountsAsFoldedIn) {
  EXPECT_EQ(ToProto(RecommendationSource::kVector), v1::SOURCE_FOLD_IN);
  EXPECT_EQ(ToProto(RecommendationSource::kModel), v1::SOURCE_MODEL);
  EXPECT_EQ(ToProto(RecommendationSource::kPopular), v1::SOURCE_POPULAR);
}

TEST(ConvertRecommendationResponse, UnknownItemsHaveNoScore) {
  ScoreItemsResult result;
  result.scores = {{"a", true, 0.0f}, {"b", false, 0.0f}};
  const v1::ScoreItemsResponse response = ToProto(result);
  EXPECT_TRUE(response.scores(0).has_score());
  EXPECT_FALSE(response.scores(1).has_score());
}

TEST(ConvertRecommendationResponse, TheTermsOfAnExplanationSumToItsScore) {
  ExplainResult result;
  result.score = 4.0f;
  result.global_mean = 3.0f;
  result.user_bias = -0.5f;
  result.item_bias = 0.25f;
  result.parts = {{"a", "", 0.75f}, {"b", "", 0.5f}, {"c", "", -0.25f}};
  for (const size_t max_parts : {1u, 2u, 3u, 100u}) {
    const v1::ExplainResponse response = ToProto(result, max_parts);
    double sum =
        response.global_mean() + response.user_bias() + response.item_bias() + response.other_contribution();
    for (const auto& part : response.parts()) sum += part.contribution();
    EXPECT_LE(response.parts_size(), static_cast<int>(max_parts));
    EXPECT_FLOAT_EQ(sum, 4.0f);
  }
}

}  // namespace
}  // namespace ridgeline
