#include "server/recommendation_id.h"

#include <string>

#include "core/interactions/interaction.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

constexpr RecommendationSource kSources[] = {RecommendationSource::kModel, RecommendationSource::kFoldIn,
                                             RecommendationSource::kPopular, RecommendationSource::kVector};

TEST(RecommendationId, SaysWhatItWasMadeFrom) {
  EXPECT_EQ(MakeRecommendationId("5f3a-42", "v000003", RecommendationSource::kFoldIn),
            "5f3a-42.v000003.fold_in");
  for (const RecommendationSource source : kSources) {
    const std::string id = MakeRecommendationId("0123456789abcdef-18446744073709551615", "v000003", source);
    EXPECT_TRUE(ValidateId("recommendation_id", id).ok()) << "an interaction can carry it";
    const auto origin = ParseRecommendationId(id);
    ASSERT_TRUE(origin.has_value());
    EXPECT_EQ(origin->version, "v000003");
    EXPECT_EQ(origin->source, source);
  }
}

TEST(RecommendationId, AnythingElseSaysNothing) {
  for (const std::string id :
       {"", ".", "..", "a", "a-1", "a.v000001", "a.v000001.", "a.v000001.other", "a..model", ".v000001.model",
        "a.v000001.model.x", "a.v000001.MODEL", "a.v000001.unknown"}) {
    EXPECT_FALSE(ParseRecommendationId(id).has_value()) << id;
  }
  EXPECT_FALSE(ParseRecommendationId(std::string(256, '.')).has_value());
}

}  // namespace
}  // namespace ridgeline
