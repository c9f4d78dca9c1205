#include "core/serving/history_builder.h"

#include <limits>
#include <map>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/dataset/aggregation.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

std::map<uint32_t, float> AsMap(const History& history) {
  std::map<uint32_t, float> values;
  for (size_t i = 0; i < history.size(); ++i) values[history.rows[i]] = history.values[i];
  return values;
}

struct Kind {
  Feedback feedback;
  EventWeight weight;
};

class HistoryBuilderProperty : public testing::TestWithParam<Kind> {};

TEST_P(HistoryBuilderProperty, AggregatesAsTrainingDoes) {
  constexpr const char* kTypes[] = {"", "click", "buy", "seen"};
  const Feedback feedback = GetParam().feedback;
  Random random(5);
  for (int round = 0; round < 50; ++round) {
    IdMap items;
    for (int i = 0; i < 8; ++i) items.Add(absl::StrCat("i", i));
    InteractionTableBuilder table_builder(IdMap(), items);
    EventWeight weight = GetParam().weight;
    std::vector<Interaction> events;
    for (int event = 0; event < 30; ++event) {
      Interaction interaction;
      interaction.user_id = "u";
      interaction.value = static_cast<float>(1 + random.Below(5));
      interaction.time = absl::FromUnixSeconds(static_cast<int64_t>(random.Below(6)));
      interaction.event_type = kTypes[random.Below(4)];
      interaction.item_id = absl::StrCat("i", random.Below(8));
      table_builder.AddWeighed(interaction, weight);
      events.push_back(interaction);
    }
    InteractionTable table = table_builder.Build();
    DecayFromNewest(table, weight);
    table = Aggregate(table, feedback);
    HistoryBuilder builder(feedback, weight);
    for (const Interaction& event : events) {
      builder.Add(*items.Find(event.item_id), event.value, event.time, event.event_type);
    }
    std::map<uint32_t, float> expected;
    for (size_t i = 0; i < table.values.size(); ++i) expected[table.item_rows[i]] = table.values[i];
    EXPECT_EQ(AsMap(builder.Build()), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, HistoryBuilderProperty,
    testing::Values(Kind{Feedback::kExplicit, {}}, Kind{Feedback::kImplicit, {}},
                    Kind{Feedback::kImplicit, {.type_factors = {{"buy", 3.3}, {"seen", 0.0}}}},
                    Kind{Feedback::kImplicit, {.half_life_days = 1e-5}},
                    Kind{Feedback::kImplicit,
                         {.type_factors = {{"buy", 0.7}, {"seen", 0.0}}, .half_life_days = 3e-7}}));

TEST(HistoryBuilder, AnEventWithoutATimeIsAsNewAsCanBe) {
  HistoryBuilder builder(Feedback::kImplicit, {.half_life_days = 1.0, .reference_time = 86'400'000'000});
  builder.Add(1, 2.0f, absl::InfiniteFuture());
  builder.Add(2, 2.0f, absl::UnixEpoch());
  EXPECT_EQ(AsMap(builder.Build()), (std::map<uint32_t, float>{{1, 2.0f}, {2, 1.0f}}));
}

TEST(HistoryBuilder, WhatDecaysToNothingIsSeenOnly) {
  HistoryBuilder builder(Feedback::kImplicit, {.half_life_days = 1e-9, .reference_time = 86'400'000'000});
  builder.Add(1, 2.0f, absl::UnixEpoch());
  EXPECT_EQ(builder.Build().size(), 0u);
  EXPECT_EQ(builder.UnweighedRows(), (std::vector<uint32_t>{1}));
}

TEST(HistoryBuilder, KeepsWeightsThatAreNoEvidenceApart) {
  HistoryBuilder builder(Feedback::kImplicit);
  builder.Add(1, 2.0f, absl::UnixEpoch());
  builder.Add(2, 1.0f, absl::UnixEpoch());
  builder.Add(2, -1.0f, absl::UnixEpoch());
  EXPECT_EQ(AsMap(builder.Build()), (std::map<uint32_t, float>{{1, 2.0f}}));
  EXPECT_EQ(builder.UnweighedRows(), (std::vector<uint32_t>{2}));
}

TEST(HistoryBuilder, SumsStayFinite) {
  HistoryBuilder builder(Feedback::kImplicit);
  builder.Add(1, 3e38f, absl::UnixEpoch());
  builder.Add(1, 3e38f, absl::UnixEpoch());
  EXPECT_EQ(builder.Build().values, std::vector<float>{std::numeric_limits<float>::max()});
}

TEST(HistoryBuilder, TakesAnyRating) {
  HistoryBuilder builder(Feedback::kExplicit);
  builder.Add(1, -2.0f, absl::UnixEpoch());
  EXPECT_EQ(builder.Build().size(), 1u);
  EXPECT_TRUE(builder.UnweighedRows().empty());
}

}  // namespace
}  // namespace ridgeline
