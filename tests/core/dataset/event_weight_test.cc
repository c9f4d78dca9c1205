#include "core/dataset/event_weight.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

constexpr int64_t kDay = 86'400'000'000;

TEST(EventWeight, IsNeutralByDefault) {
  const EventWeight weight;
  EXPECT_TRUE(weight.IsNeutral());
  EXPECT_EQ(weight.OfType(0.1f, "click"), 0.1f);
  EXPECT_EQ(weight.Decayed(0.1f, -kDay), 0.1f);
}

TEST(EventWeight, MultipliesByTheTypesFactorAndLeavesOtherTypes) {
  const EventWeight weight{.type_factors = {{"buy", 5.0}, {"seen", 0.0}}};
  EXPECT_FALSE(weight.IsNeutral());
  EXPECT_EQ(weight.OfType(2.0f, "buy"), 10.0f);
  EXPECT_EQ(weight.OfType(2.0f, "seen"), 0.0f);
  EXPECT_EQ(weight.OfType(2.0f, "click"), 2.0f);
  EXPECT_EQ(weight.OfType(2.0f, ""), 2.0f);
}

TEST(EventWeight, HalvesWithEachHalfLifeBeforeTheReference) {
  const EventWeight weight{.half_life_days = 2.0, .reference_time = 10 * kDay};
  EXPECT_EQ(weight.Decayed(3.0f, 10 * kDay), 3.0f);
  EXPECT_EQ(weight.Decayed(3.0f, 8 * kDay), 1.5f);
  EXPECT_EQ(weight.Decayed(3.0f, 4 * kDay), 0.375f);
  EXPECT_FLOAT_EQ(weight.Decayed(3.0f, 9 * kDay), 3.0f / 1.41421356f);
  EXPECT_EQ(weight.Decayed(3.0f, -100'000 * kDay), 0.0f);
}

TEST(EventWeight, DoesNotWeighLaterEventsMoreThanOneAtTheReference) {
  const EventWeight weight{.half_life_days = 0.001, .reference_time = 10 * kDay};
  EXPECT_EQ(weight.Decayed(3.0f, 11 * kDay), 3.0f);
  EXPECT_EQ(weight.Decayed(3.0f, std::numeric_limits<int64_t>::max()), 3.0f);
}

TEST(ValidateEventWeight, NamesTheOption) {
  EXPECT_TRUE(ValidateEventWeight({.type_factors = {{"seen", 0.0}}, .half_life_days = 0.0}).ok());
  const auto problem = [](const EventWeight& weight) {
    return std::string(ValidateEventWeight(weight).message());
  };
  EXPECT_THAT(problem({.type_factors = {{"", 1.0}}}), StartsWith("event_type_weights: "));
  EXPECT_THAT(problem({.type_factors = {{"click", -1.0}}}), StartsWith("event_type_weights: "));
  EXPECT_THAT(problem({.half_life_days = -1.0}), StartsWith("half_life_days: "));
  EventWeight many;
  for (size_t type = 0; type <= kMaxEventTypes; ++type) many.type_factors[absl::StrCat("type", type)] = 1.0;
  EXPECT_THAT(problem(many), StartsWith("event_type_weights: "));
}

TEST(ParseEventTypeWeights, ReadsPairs) {
  EXPECT_TRUE(ParseEventTypeWeights("").value().empty());
  EXPECT_EQ(ParseEventTypeWeights("click=1, a=b=2.5,seen=0").value(),
            (std::map<std::string, double>{{"click", 1.0}, {"a=b", 2.5}, {"seen", 0.0}}));
}

TEST(ParseEventTypeWeights, RefusesWhatIsNoListOfPairs) {
  for (const char* text : {"click", "click=", "click=x", "click=1,", "click=1,click=2", ","}) {
    const absl::Status status = ParseEventTypeWeights(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), StartsWith("event_type_weights: ")) << text;
  }
}

}  // namespace
}  // namespace ridgeline
