#include "core/interactions/interaction_fields.h"

#include "absl/strings/numbers.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::StartsWith;

TEST(FieldOfName, KnowsEveryUsualSpelling) {
  for (const char* name : {"userId", "user_id", "user", "USER", " UserID "}) {
    EXPECT_EQ(FieldOfName(name), InteractionField::kUser) << name;
  }
  for (const char* name : {"itemId", "item_id", "item", "movieId"}) {
    EXPECT_EQ(FieldOfName(name), InteractionField::kItem) << name;
  }
  for (const char* name : {"rating", "value", "weight", "count"}) {
    EXPECT_EQ(FieldOfName(name), InteractionField::kValue) << name;
  }
  EXPECT_EQ(FieldOfName("timestamp"), InteractionField::kTime);
  EXPECT_EQ(FieldOfName("time"), InteractionField::kTime);
  EXPECT_EQ(FieldOfName("event_id"), InteractionField::kEventId);
  EXPECT_EQ(FieldOfName("event_type"), InteractionField::kEventType);
  EXPECT_EQ(FieldOfName("recommendation_id"), InteractionField::kRecommendationId);
  EXPECT_EQ(FieldOfName("users"), InteractionField::kOther);
  EXPECT_EQ(FieldOfName(""), InteractionField::kOther);
}

TEST(ParseValue, TakesFiniteNumbersOnly) {
  EXPECT_FLOAT_EQ(ParseValue("3.5").value(), 3.5f);
  EXPECT_FLOAT_EQ(ParseValue("-2e3").value(), -2000.0f);
  for (const char* text : {"", "nan", "inf", "-inf", "1e39", "3,5", "five", "1 2", "0x"}) {
    const absl::Status status = ParseValue(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), StartsWith("value: "));
  }
}

TEST(ParseValue, ShortDecimalsAreReadAsTheLibraryReadsThem) {
  Random random(4);
  const std::string alphabet = "0123456789.";
  for (int n = 0; n < 100'000; ++n) {
    std::string text;
    for (uint64_t i = random.Below(11); i > 0; --i) text += alphabet[random.Below(alphabet.size())];
    float expected = 0;
    const bool is_number = absl::SimpleAtof(text, &expected);
    const absl::StatusOr<float> value = ParseValue(text);
    ASSERT_EQ(value.ok(), is_number) << text;
    if (is_number) {
      ASSERT_EQ(*value, expected) << text;
    }
  }
}

TEST(ParseTime, TakesSecondsMillisecondsAndRfc3339) {
  const absl::Time expected = absl::FromUnixSeconds(1260759144);
  EXPECT_EQ(ParseTime("1260759144").value(), expected);
  EXPECT_EQ(ParseTime("1260759144.0").value(), expected);
  EXPECT_EQ(ParseTime("1260759144.25").value(), expected + absl::Milliseconds(250));
  EXPECT_EQ(ParseTime("1260759144000").value(), expected);
  EXPECT_EQ(ParseTime("2009-12-14T02:52:24Z").value(), expected);
  EXPECT_EQ(ParseTime("2009-12-14T03:52:24.5+01:00").value(), expected + absl::Milliseconds(500));
  EXPECT_EQ(ParseTime("-1").value(), absl::FromUnixSeconds(-1));
}

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const char* text : {"", "yesterday", "nan", "inf", "1e300", "2009-12-14", "2009-13-14T02:52:24Z"}) {
    const absl::Status status = ParseTime(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), StartsWith("time: "));
  }
}

TEST(SetField, SetsOneFieldAndLeavesTheOthers) {
  InteractionView interaction;
  EXPECT_TRUE(SetField(InteractionField::kUser, "u", &interaction).ok());
  EXPECT_TRUE(SetField(InteractionField::kItem, "i", &interaction).ok());
  EXPECT_TRUE(SetField(InteractionField::kValue, "2", &interaction).ok());
  EXPECT_TRUE(SetField(InteractionField::kTime, "3", &interaction).ok());
  EXPECT_TRUE(SetField(InteractionField::kEventId, "e", &interaction).ok());
  EXPECT_TRUE(SetField(InteractionField::kEventType, "t", &interaction).ok());
  EXPECT_TRUE(SetField(InteractionField::kRecommendationId, "r", &interaction).ok());
  EXPECT_TRUE(SetField(InteractionField::kOther, "x", &interaction).ok());
  EXPECT_FALSE(SetField(InteractionField::kValue, "x", &interaction).ok());
  EXPECT_EQ(interaction.user_id, "u");
  EXPECT_EQ(interaction.item_id, "i");
  EXPECT_EQ(interaction.value, 2.0f);
  EXPECT_EQ(interaction.time, absl::FromUnixSeconds(3));
  EXPECT_EQ(interaction.event_id, "e");
  EXPECT_EQ(interaction.event_type, "t");
  EXPECT_EQ(interaction.recommendation_id, "r");
}

}  // namespace
}  // namespace ridgeline
