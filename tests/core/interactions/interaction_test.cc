#include "core/interactions/interaction.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::StartsWith;

Interaction Good() {
  Interaction interaction;
  interaction.user_id = "user";
  interaction.item_id = "item";
  return interaction;
}

void ExpectRefused(const Interaction& interaction, const char* field) {
  const absl::Status status = ValidateInteraction(interaction);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith(std::string(field) + ": "));
}

TEST(InteractionView, IsTheInteractionWithoutItsTexts) {
  Interaction interaction = Good();
  interaction.value = 2;
  interaction.time = absl::FromUnixSeconds(3);
  interaction.event_id = "event";
  interaction.event_type = "type";
  interaction.recommendation_id = "recommendation";
  const InteractionView view(interaction);
  EXPECT_EQ(view.user_id.data(), interaction.user_id.data());
  const Interaction copy = ToInteraction(view);
  EXPECT_EQ(copy.user_id, "user");
  EXPECT_EQ(copy.item_id, "item");
  EXPECT_EQ(copy.value, 2);
  EXPECT_EQ(copy.time, interaction.time);
  EXPECT_EQ(copy.event_id, "event");
  EXPECT_EQ(copy.event_type, "type");
  EXPECT_EQ(copy.recommendation_id, "recommendation");
}

TEST(ValidateId, TakesOneTo256BytesOfAnyScript) {
  for (const std::string& id :
       {std::string("a"), std::string(kMaxIdBytes, 'x'), std::string("Fantômas 映画 🎬"), std::string(" "),
        std::string("a/b::c,\"d\"")}) {
    EXPECT_TRUE(ValidateId("id", id).ok()) << id;
  }
}

TEST(ValidateId, RefusesEmptyLongMalformedAndControl) {
  for (const std::string& id :
       {std::string(), std::string(kMaxIdBytes + 1, 'x'), std::string("\xff"), std::string("a\0b", 3),
        std::string("a\nb"), std::string("\x7f"), std::string("\xc2\x85")}) {
    const absl::Status status = ValidateId("item_id", id);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), StartsWith("item_id: "));
  }
}

TEST(ValidateInteraction, NeedsOnlyUserAndItem) {
  EXPECT_TRUE(ValidateInteraction(Good()).ok());
}

TEST(ValidateInteraction, NamesTheFirstBadField) {
  Interaction bad = Good();
  bad.user_id.clear();
  ExpectRefused(bad, "user_id");
  bad = Good();
  bad.item_id = "\xff";
  ExpectRefused(bad, "item_id");
  bad = Good();
  bad.event_id = std::string(kMaxIdBytes + 1, 'e');
  ExpectRefused(bad, "event_id");
  bad = Good();
  bad.event_type = "\n";
  ExpectRefused(bad, "event_type");
  bad = Good();
  bad.recommendation_id = "\t";
  ExpectRefused(bad, "recommendation_id");
}

TEST(ValidateInteraction, ValuesMustBeFinite) {
  for (const float value : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()}) {
    Interaction bad = Good();
    bad.value = value;
    ExpectRefused(bad, "value");
  }
}

TEST(ValidateInteraction, TimesMustBeInTheCalendar) {
  for (const absl::Time time :
       {absl::InfinitePast(), absl::InfiniteFuture(), absl::FromUnixSeconds(253402300800)}) {
    Interaction bad = Good();
    bad.time = time;
    ExpectRefused(bad, "time");
  }
  Interaction early = Good();
  early.time = absl::FromUnixSeconds(-1);
  EXPECT_TRUE(ValidateInteraction(early).ok());
}

}  // namespace
}  // namespace ridgeline
