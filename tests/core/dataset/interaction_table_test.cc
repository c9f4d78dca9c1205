#include "core/dataset/interaction_table.h"

#include <map>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/dataset/random_table.h"
#include "tests/core/dataset/rating.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;

TEST(InteractionTable, KeepsTheOrderOfArrival) {
  InteractionTableBuilder builder;
  builder.Add(Rating("b", "x", 1, 5));
  builder.Add(Rating("a", "y", 2, 4));
  builder.Add(Rating("b", "y", 3, 3));
  const InteractionTable table = builder.Build();
  EXPECT_THAT(table.user_rows, ElementsAre(0, 1, 0));
  EXPECT_THAT(table.item_rows, ElementsAre(0, 1, 1));
  EXPECT_THAT(table.values, ElementsAre(1, 2, 3));
  EXPECT_THAT(table.times, ElementsAre(5'000'000, 4'000'000, 3'000'000));
  EXPECT_EQ(table.users->Id(1), "a");
}

TEST(InteractionTable, HasNoTimesWhereTheyAreDropped) {
  InteractionTableBuilder builder(Times::kDropped);
  builder.Add(Rating("b", "x", 1, 5));
  const InteractionTable table = builder.Build();
  EXPECT_EQ(table.size(), 1);
  EXPECT_THAT(table.times, ElementsAre());
  InteractionTable copy;
  copy.AppendFrom(table, 0);
  EXPECT_THAT(copy.times, ElementsAre());
}

TEST(InteractionTable, ABuilderIsEmptyAfterBuild) {
  InteractionTableBuilder builder;
  builder.Add(Rating("a", "x", 1, 1));
  builder.Build();
  const InteractionTable second = builder.Build();
  EXPECT_EQ(second.size(), 0);
  EXPECT_EQ(second.users->size(), 0u);
}

TEST(InteractionTable, RowsOfAnEarlierModelKeepTheirNumbers) {
  const IdMap users = IdMap::FromIds({"old", "older"}).value();
  const IdMap items = IdMap::FromIds({"thing"}).value();
  InteractionTableBuilder builder(users, items);
  builder.Add(Rating("new", "thing", 1, 1));
  builder.Add(Rating("older", "novelty", 1, 1));
  const InteractionTable table = builder.Build();
  EXPECT_THAT(table.user_rows, ElementsAre(2, 1));
  EXPECT_THAT(table.item_rows, ElementsAre(0, 1));
  EXPECT_EQ(users.size(), 2u);
}

TEST(InteractionTableBuilder, AddsAPartAsIfItHadComeOneByOne) {
  InteractionTableBuilder builder;
  builder.Add(Rating("b", "x", 1, 5));
  InteractionTableBuilder part = builder.MakePart();
  part.Add(Rating("a", "y", 2, 4));
  part.Add(Rating("b", "y", 3, 3));
  builder.AddPart(&part);
  part.Add(Rating("a", "x", 4, 2));
  builder.AddPart(&part);
  builder.AddPart(&part);
  const InteractionTable table = builder.Build();
  EXPECT_THAT(table.user_rows, ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(table.item_rows, ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(table.values, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(table.times, ElementsAre(5'000'000, 4'000'000, 3'000'000, 2'000'000));
}

TEST(InteractionTableBuilder, WeighsByTypeAndLeavesOutWhatWeighsNothing) {
  EventWeight weight;
  weight.type_factors = {{"buy", 5.0}, {"seen", 0.0}};
  InteractionTableBuilder builder;
  for (const char* type : {"buy", "seen", "click", ""}) {
    Interaction interaction = Rating("u", absl::StrCat("item of ", type), 2, 0);
    interaction.event_type = type;
    builder.AddWeighed(interaction, weight);
  }
  const InteractionTable table = builder.Build();
  EXPECT_THAT(table.values, ElementsAre(10, 2, 2));
  EXPECT_FALSE(table.items->Find("item of seen").has_value());
}

TEST(DecayFromNewest, HalvesByAgeBeforeTheSumAndForgetsWhatIsLeftOfNothing) {
  constexpr int64_t kDay = 86'400'000'000;
  InteractionTable table;
  table.users = table.items = std::make_shared<IdMap>(IdMap::FromIds({"a", "b"}).value());
  table.user_rows = {0, 0, 1, 0};
  table.item_rows = {0, 1, 1, 0};
  table.values = {8, 4, 4, 1};
  table.times = {7 * kDay, 8 * kDay, -1000 * kDay, 10 * kDay};
  EventWeight weight;
  weight.half_life_days = 1.0;
  DecayFromNewest(table, weight);
  EXPECT_EQ(weight.reference_time, 10 * kDay);
  EXPECT_THAT(table.values, ElementsAre(1, 1, 1));
  EXPECT_THAT(table.times, ElementsAre(7 * kDay, 8 * kDay, 10 * kDay));
}

TEST(DecayFromNewest, WithoutAHalfLifeChangesNothing) {
  InteractionTable table = RandomTable(50, 5, 5, 1);
  const InteractionTable before = table;
  EventWeight weight;
  DecayFromNewest(table, weight);
  EXPECT_EQ(table.values, before.values);
  EXPECT_EQ(weight.reference_time, 0);
}

}  // namespace
}  // namespace ridgeline
