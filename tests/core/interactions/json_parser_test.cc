#include "core/interactions/json_parser.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<Interaction> ParseJson(const std::string& line) {
  JsonParser parser(absl::FromUnixSeconds(5));
  std::vector<InteractionView> interactions;
  const absl::Status status = parser.Parse(line, &interactions);
  if (!status.ok()) return status;
  EXPECT_EQ(interactions.size(), 1u);
  return ToInteraction(interactions[0]);
}

TEST(JsonParser, ReadsEveryField) {
  const Interaction interaction =
      ParseJson(R"({"user_id":"ü","item_id":"i\n","value":2.5,"time":"2009-12-14T02:52:24Z","event_id":"e",)"
                R"("event_type":"click","recommendation_id":"r","other":{"deep":[1]}})")
          .value();
  EXPECT_EQ(interaction.user_id, "ü");
  EXPECT_EQ(interaction.item_id, "i\n") << "validation is not the parser's";
  EXPECT_EQ(interaction.value, 2.5f);
  EXPECT_EQ(interaction.time, absl::FromUnixSeconds(1260759144));
  EXPECT_EQ(interaction.event_id, "e");
  EXPECT_EQ(interaction.event_type, "click");
  EXPECT_EQ(interaction.recommendation_id, "r");
}

TEST(JsonParser, WholeNumbersMakeIdsAndAbsentFieldsTheirDefaults) {
  const Interaction interaction = ParseJson(R"({"user": 12, "item": -3, "time": null})").value();
  EXPECT_EQ(interaction.user_id, "12");
  EXPECT_EQ(interaction.item_id, "-3");
  EXPECT_EQ(interaction.value, 1.0f);
  EXPECT_EQ(interaction.time, absl::FromUnixSeconds(5));
}

TEST(JsonParser, ALineOwnsNothingOfTheOneBefore) {
  JsonParser parser(absl::UnixEpoch());
  std::vector<InteractionView> interactions;
  ASSERT_TRUE(parser.Parse(R"({"user": 1, "item": 2})", &interactions).ok());
  ASSERT_TRUE(parser.Clone()->Parse(R"({"user": 3, "item": 4})", &interactions).ok());
  ASSERT_TRUE(parser.Parse(R"({"user": 5, "item": "six"})", &interactions).ok());
  ASSERT_EQ(interactions.size(), 1u);
  EXPECT_EQ(interactions[0].user_id, "5");
  EXPECT_EQ(interactions[0].item_id, "six");
}

TEST(JsonParser, TimesMayBeNumbers) {
  EXPECT_EQ(ParseJson(R"({"user":"u","item":"i","time":1260759144000})")->time,
            absl::FromUnixSeconds(1260759144));
  EXPECT_EQ(ParseJson(R"({"user":"u","item":"i","time":0.5})")->time, absl::FromUnixMillis(500));
}

TEST(JsonParser, RefusesWhatIsNoObjectOfScalars) {
  for (const char* line :
       {"", "{", "[]", "12", R"({"user_id":1.5})", R"({"user_id":true})", R"({"user_id":["a"]})",
        R"({"value":1e400})", R"({"value":"nan"})", R"({"user_id":"a","user":"b"})",
        R"({"user_id":"a"} trailing)", "{\"user_id\":\"\xff\"}"}) {
    EXPECT_EQ(ParseJson(line).status().code(), absl::StatusCode::kInvalidArgument) << line;
  }
  EXPECT_THAT(std::string(ParseJson(R"({"value":"x"})").status().message()), HasSubstr("value: "));
}

TEST(JsonParser, DeepNestingIsNoDanger) {
  EXPECT_FALSE(ParseJson(std::string(1000000, '[')).ok());
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_TRUE(ParseJson(R"({"user":"u","item":"i","x":)" + deep + "}").ok());
}

}  // namespace
}  // namespace ridgeline
