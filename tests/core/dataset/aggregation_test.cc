#include "core/dataset/aggregation.h"

#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/dataset/random_table.h"
#include "tests/core/dataset/rating.h"

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

TEST(Aggregate, WithoutTimesTheRatingThatCameLastCounts) {
  for (uint64_t seed = 0; seed < 5; ++seed) {
    InteractionTable table = RandomTable(2000, 30, 20, seed);
    std::iota(table.times.begin(), table.times.end(), 0);
    const InteractionTable expected = Aggregate(table, Feedback::kExplicit);
    table.times.clear();
    const InteractionTable aggregated = Aggregate(std::move(table), Feedback::kExplicit);
    EXPECT_EQ(aggregated.user_rows, expected.user_rows);
    EXPECT_EQ(aggregated.item_rows, expected.item_rows);
    EXPECT_EQ(aggregated.values, expected.values);
    EXPECT_THAT(aggregated.times, ElementsAre());
  }
}

}  // namespace
}  // namespace ridgeline
