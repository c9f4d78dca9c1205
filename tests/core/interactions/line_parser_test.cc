#include "core/interactions/line_parser.h"

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(DetectFormat, KnowsEveryFormatButAdjacency) {
  EXPECT_EQ(DetectFormat("userId,movieId,rating,timestamp").value(), InteractionFormat::kCsv);
  EXPECT_EQ(DetectFormat("1,2,3").value(), InteractionFormat::kCsv);
  EXPECT_EQ(DetectFormat("\"a::b\",2,3").value(), InteractionFormat::kCsv);
  EXPECT_EQ(DetectFormat("196\t242\t3\t881250949").value(), InteractionFormat::kTsv);
  EXPECT_EQ(DetectFormat("1::2::3::4").value(), InteractionFormat::kMovieLens);
  EXPECT_EQ(DetectFormat(" {\"user_id\": \"a,b\"}").value(), InteractionFormat::kJsonLines);
}

TEST(DetectFormat, DoesNotGuessWhenNothingTells) {
  EXPECT_EQ(DetectFormat("1 2 3 4").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetectFormat("word").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(MakeLineParser, MakesTheParserOfTheFormat) {
  const std::pair<InteractionFormat, const char*> lines[] = {
      {InteractionFormat::kCsv, "u,i"},
      {InteractionFormat::kTsv, "u\ti"},
      {InteractionFormat::kMovieLens, "u::i"},
      {InteractionFormat::kAdjacency, "u i"},
      {InteractionFormat::kJsonLines, R"({"user_id":"u","item_id":"i"})"},
  };
  for (const auto& [format, line] : lines) {
    std::vector<InteractionView> interactions;
    const std::unique_ptr<LineParser> parser = MakeLineParser(format, absl::UnixEpoch());
    ASSERT_TRUE(parser->Parse(line, &interactions).ok()) << line;
    ASSERT_EQ(interactions.size(), 1u) << line;
    EXPECT_EQ(interactions[0].user_id, "u");
    EXPECT_EQ(interactions[0].item_id, "i");
  }
}

}  // namespace
}  // namespace ridgeline
