#include "core/interactions/delimited_parser.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const absl::Time kDefaultTime = absl::FromUnixSeconds(77);

Interaction ParseOne(DelimitedParser* parser, absl::string_view line) {
  std::vector<InteractionView> interactions;
  const absl::Status status = parser->Parse(line, &interactions);
  EXPECT_TRUE(status.ok()) << status;
  if (interactions.size() != 1) {
    ADD_FAILURE() << "expected one interaction in " << line;
    return {};
  }
  return ToInteraction(interactions[0]);
}

absl::Status Refusal(DelimitedParser* parser, absl::string_view line) {
  std::vector<InteractionView> interactions;
  return parser->Parse(line, &interactions);
}

TEST(DelimitedParser, WithoutAHeaderColumnsAreUserItemValueTime) {
  DelimitedParser parser(Separator::kTab, kDefaultTime);
  const Interaction interaction = ParseOne(&parser, "196\t242\t3\t881250949");
  EXPECT_EQ(interaction.user_id, "196");
  EXPECT_EQ(interaction.item_id, "242");
  EXPECT_EQ(interaction.value, 3.0f);
  EXPECT_EQ(interaction.time, absl::FromUnixSeconds(881250949));
}

TEST(DelimitedParser, TwoColumnsGetValueOneAndTheDefaultTime) {
  DelimitedParser parser(Separator::kComma, kDefaultTime);
  const Interaction interaction = ParseOne(&parser, "u,i");
  EXPECT_EQ(interaction.value, 1.0f);
  EXPECT_EQ(interaction.time, kDefaultTime);
}

TEST(DelimitedParser, AHeaderOrdersTheColumns) {
  DelimitedParser parser(Separator::kComma, kDefaultTime);
  std::vector<InteractionView> interactions = {InteractionView()};
  ASSERT_TRUE(parser.Parse("timestamp,comment,movieId,rating,userId,event_id", &interactions).ok());
  EXPECT_THAT(interactions, IsEmpty());
  const Interaction interaction = ParseOne(&parser, "5,\"nice, very\",m,4.5,u,e1");
  EXPECT_EQ(interaction.user_id, "u");
  EXPECT_EQ(interaction.item_id, "m");
  EXPECT_EQ(interaction.value, 4.5f);
  EXPECT_EQ(interaction.time, absl::FromUnixSeconds(5));
  EXPECT_EQ(interaction.event_id, "e1");
}

TEST(DelimitedParser, MovieLensFilesHaveDoubleColons) {
  DelimitedParser parser(Separator::kDoubleColon, kDefaultTime);
  EXPECT_EQ(ParseOne(&parser, "1::0104257::8::1364690142").item_id, "0104257");
}

TEST(DelimitedParser, EveryLineHasAsManyFieldsAsTheFirst) {
  DelimitedParser parser(Separator::kComma, kDefaultTime);
  ParseOne(&parser, "u,i,3");
  EXPECT_THAT(std::string(Refusal(&parser, "u,i").message()), HasSubstr("expected 3 fields, got 2"));
  EXPECT_THAT(std::string(Refusal(&parser, "u,i,3,4").message()), HasSubstr("expected 3 fields, got 4"));
  EXPECT_EQ(ParseOne(&parser, "u,j,4").item_id, "j") << "good lines after bad ones are read";
}

TEST(DelimitedParser, RefusesHeadersThatLackOrRepeatAColumn) {
  for (const char* header :
       {"userId,rating", "movieId,rating", "user,userId,item", "user,item,rating,value"}) {
    DelimitedParser parser(Separator::kComma, kDefaultTime);
    EXPECT_EQ(Refusal(&parser, header).code(), absl::StatusCode::kInvalidArgument) << header;
  }
}

TEST(DelimitedParser, ABadFirstLineDoesNotFixTheColumns) {
  DelimitedParser parser(Separator::kComma, kDefaultTime);
  EXPECT_FALSE(Refusal(&parser, "lonely").ok());
  EXPECT_FALSE(Refusal(&parser, "a,b,c,d,e").ok());
  EXPECT_EQ(ParseOne(&parser, "u,i,2").value, 2.0f);
}

TEST(DelimitedParser, NamesTheFieldThatIsNoNumber) {
  DelimitedParser parser(Separator::kComma, kDefaultTime);
  EXPECT_THAT(std::string(Refusal(&parser, "u,i,x,1").message()), HasSubstr("value: "));
  EXPECT_THAT(std::string(Refusal(&parser, "u,i,nan,1").message()), HasSubstr("value: "));
  EXPECT_THAT(std::string(Refusal(&parser, "u,i,1,x").message()), HasSubstr("time: "));
  EXPECT_THAT(std::string(Refusal(&parser, "u,i,1,").message()), HasSubstr("time: "));
}

}  // namespace
}  // namespace ridgeline
