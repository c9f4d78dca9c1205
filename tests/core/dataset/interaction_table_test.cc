#include "core/dataset/interaction_table.h"

#include <limits>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/dataset/random_table.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;

using Pair = std::pair<uint32_t, uint32_t>;

struct ValueAndTime {
  double value = 0;
  int64_t time = 0;
};

std::map<Pair, ValueAndTime> NaiveAggregate(const InteractionTable& table, Feedback feedback) {
  std::map<Pair, ValueAndTime> pairs;
  for (size_t i = 0; i < table.values.size(); ++i) {
    const auto [position, added] = pairs.try_emplace({table.user_rows[i], table.item_rows[i]});
    ValueAndTime& kept = position->second;
    const bool is_latest = added || table.times[i] >= kept.time;
    if (feedback == Feedback::kImplicit) kept.value += table.values[i];
    if (feedback == Feedback::kExplicit && is_latest) kept.value = table.values[i];
    if (is_latest) kept.time = table.times[i];
  }
  return pairs;
}

void ExpectEqualsOracle(const InteractionTable& table, Feedback feedback) {
  const InteractionTable aggregated = Aggregate(table, feedback);
  const std::map<Pair, ValueAndTime> oracle = NaiveAggregate(table, feedback);
  ASSERT_EQ(aggregated.size(), static_cast<int64_t>(oracle.size()));
  size_t i = 0;
  for (const auto& [pair, expected] : oracle) {  // a std::map is in the order that is promised
    EXPECT_EQ(Pair(aggregated.user_rows[i], aggregated.item_rows[i]), pair);
    EXPECT_FLOAT_EQ(aggregated.values[i], static_cast<float>(expected.value));
    EXPECT_EQ(aggregated.times[i], expected.time);
    ++i;
  }
}

Interaction Rating(absl::string_view user, absl::string_view item, float value, int64_t seconds) {
  Interaction interaction;
  interaction.user_id = std::string(user);
  interaction.item_id = std::string(item);
  interaction.value = value;
  interaction.time = absl::FromUnixSeconds(seconds);
  return interaction;
}

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

TEST(Aggregate, AgreesWithTheNaiveOneOnRandomTables) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const InteractionTable table = RandomTable(2000, 1 + seed * 7, 1 + seed * 5, seed);
    ExpectEqualsOracle(table, Feedback::kExplicit);
    ExpectEqualsOracle(table, Feedback::kImplicit);
  }
}

TEST(Aggregate, OfEqualTimesTheRatingThatCameLastCounts) {
  InteractionTableBuilder builder;
  builder.Add(Rating("u", "i", 1, 7));
  builder.Add(Rating("u", "i", 2, 9));
  builder.Add(Rating("u", "i", 3, 9));
  builder.Add(Rating("u", "i", 4, 8));
  EXPECT_THAT(Aggregate(builder.Build(), Feedback::kExplicit).values, ElementsAre(3));
}

TEST(Aggregate, SumsManySmallWeightsWithoutLosingThem) {
  InteractionTableBuilder builder;
  builder.Add(Rating("u", "i", 1 << 24, 0));
  for (int n = 0; n < 100; ++n) builder.Add(Rating("u", "i", 1, 0));
  EXPECT_THAT(Aggregate(builder.Build(), Feedback::kImplicit).values, ElementsAre((1 << 24) + 100));
}

TEST(Aggregate, ASumBeyondFloatStaysFinite) {
  InteractionTableBuilder builder;
  for (int n = 0; n < 3; ++n) builder.Add(Rating("u", "i", std::numeric_limits<float>::max(), 0));
  EXPECT_THAT(Aggregate(builder.Build(), Feedback::kImplicit).values,
              ElementsAre(std::numeric_limits<float>::max()));
}

TEST(Aggregate, AnEmptyTableStaysEmptyWithItsIds) {
  const InteractionTable table = Aggregate(InteractionTableBuilder().Build(), Feedback::kExplicit);
  EXPECT_EQ(table.size(), 0);
  EXPECT_NE(table.users, nullptr);
}

}  // namespace
}  // namespace ridgeline
