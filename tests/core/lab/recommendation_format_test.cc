#include "core/lab/recommendation_format.h"

#include <cstdlib>
#include <limits>
#include <vector>

#include "absl/strings/str_split.h"
#include "core/base/random.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

std::string Text(RecommendationFormat format, const std::vector<ScoredItem>& items) {
  std::string text;
  AppendRecommendations(format, "ann \"x\"", items, IdMap::FromIds({"a", "b\\", "\xC3\xBC"}).value(), &text);
  return text;
}

TEST(RecommendationFormat, IsParsedFromItsName) {
  EXPECT_EQ(ParseRecommendationFormat("tsv").value(), RecommendationFormat::kTsv);
  EXPECT_EQ(ParseRecommendationFormat("jsonl").value(), RecommendationFormat::kJsonLines);
  EXPECT_EQ(ParseRecommendationFormat("csv").status().message(), "format: must be tsv or jsonl, got 'csv'");
}

TEST(AppendRecommendations, TsvHasALineAnItem) {
  EXPECT_EQ(Text(RecommendationFormat::kTsv, {{2, 1.5f}, {0, -0.1f}}),
            "ann \"x\"\t\xC3\xBC\t1.5\nann \"x\"\ta\t-0.1\n");
  EXPECT_EQ(Text(RecommendationFormat::kTsv, {}), "");
}

TEST(AppendRecommendations, JsonHasALineAUserWithIdsEscaped) {
  const std::string text = Text(RecommendationFormat::kJsonLines, {{1, 1.5f}, {2, 0.1f}});
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["user_id"], "ann \"x\"");
  EXPECT_EQ(json["items"][0]["item_id"], "b\\");
  EXPECT_EQ(json["items"][1]["item_id"], "\xC3\xBC");
  EXPECT_NE(text.find("\"score\":0.1}"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(Text(RecommendationFormat::kJsonLines, {}))["items"].size(), 0u);
}

TEST(AppendRecommendations, AScoreThatIsNotFiniteIsNullInJson) {
  const std::string text =
      Text(RecommendationFormat::kJsonLines, {{0, -std::numeric_limits<float>::infinity()}});
  EXPECT_TRUE(nlohmann::json::parse(text)["items"][0]["score"].is_null());
}

TEST(AppendRecommendations, ScoresReadBackUnchanged) {
  Random random(3);
  for (int n = 0; n < 1000; ++n) {
    const auto score = static_cast<float>(random.Normal() * std::pow(10.0, random.Normal() * 10));
    const std::string line = Text(RecommendationFormat::kTsv, {{0, score}});
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    EXPECT_EQ(std::strtof(fields[2].c_str(), nullptr), score) << line;
  }
}

}  // namespace
}  // namespace ridgeline
