#include "core/lab/generator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

std::vector<int64_t> ItemsOf(const std::vector<GeneratedInteraction>& interactions) {
  std::vector<int64_t> items;
  for (const GeneratedInteraction& interaction : interactions) items.push_back(interaction.item);
  return items;
}

TEST(Generator, GivesExactlyTheInteractionsAskedForAllDistinct) {
  for (const GeneratorOptions& options :
       {GeneratorOptions{}, GeneratorOptions{.users = 7, .items = 5, .interactions = 35},
        GeneratorOptions{.users = 10, .items = 1000, .interactions = 3},
        GeneratorOptions{.users = 50, .items = 40, .interactions = 1500, .factors = 256, .exponent = 3.0}}) {
    const auto generator = Generator::Create(options).value();
    int64_t total = 0;
    for (int64_t user = 0; user < options.users; ++user) {
      const std::vector<int64_t> items = ItemsOf(generator->UserInteractions(user));
      EXPECT_EQ(static_cast<int64_t>(items.size()), generator->Activity(user));
      EXPECT_EQ(std::set<int64_t>(items.begin(), items.end()).size(), items.size());
      for (int64_t item : items) EXPECT_TRUE(item >= 0 && item < options.items);
      total += static_cast<int64_t>(items.size());
    }
    EXPECT_EQ(total, options.interactions);
  }
}

TEST(Generator, TheSameSeedRepeatsAndAnotherDoesNot) {
  const auto first = Generator::Create({.seed = 5}).value();
  const auto again = Generator::Create({.seed = 5}).value();
  const auto other = Generator::Create({.seed = 6}).value();
  EXPECT_EQ(ItemsOf(first->UserInteractions(3)), ItemsOf(again->UserInteractions(3)));
  EXPECT_NE(ItemsOf(first->UserInteractions(3)), ItemsOf(other->UserInteractions(3)));
}

TEST(Generator, UsersDoNotDependOnTheOrderInWhichTheyAreAsked) {
  const auto generator = Generator::Create({}).value();
  const auto before = ItemsOf(generator->UserInteractions(10));
  generator->UserInteractions(11);
  EXPECT_EQ(ItemsOf(generator->UserInteractions(10)), before);
}

TEST(Generator, PopularityFollowsAPowerLaw) {
  const auto generator = Generator::Create({.users = 3000, .items = 400, .interactions = 60'000}).value();
  std::map<int64_t, int64_t> counts;
  for (int64_t user = 0; user < 3000; ++user) {
    for (int64_t item : ItemsOf(generator->UserInteractions(user))) ++counts[item];
  }
  std::vector<int64_t> sorted;
  for (const auto& [item, count] : counts) sorted.push_back(count);
  std::sort(sorted.rbegin(), sorted.rend());
  EXPECT_GT(sorted[0], 5 * sorted[sorted.size() / 2]);
}

TEST(Generator, RatingsAreHalfStepsOfTheScaleAndVary) {
  const auto generator = Generator::Create({.feedback = Feedback::kExplicit}).value();
  std::set<float> values;
  for (int64_t user = 0; user < 200; ++user) {
    for (const GeneratedInteraction& interaction : generator->UserInteractions(user))
      values.insert(interaction.value);
  }
  EXPECT_GE(*values.begin(), 0.5f);
  EXPECT_LE(*values.rbegin(), 5.0f);
  EXPECT_GT(values.size(), 6u);
  for (float value : values) EXPECT_EQ(value * 2, std::round(value * 2));
}

TEST(Generator, ImpossibleOptionsAreRefusedByName) {
  const auto expect_refused = [](const GeneratorOptions& options, const std::string& field) {
    EXPECT_THAT(std::string(Generator::Create(options).status().message()), StartsWith(field + ":"));
  };
  expect_refused({.users = 0}, "users");
  expect_refused({.items = -5}, "items");
  expect_refused({.users = 3, .items = 3, .interactions = 10}, "interactions");
  expect_refused({.interactions = 0}, "interactions");
  expect_refused({.factors = 0}, "factors");
  expect_refused({.exponent = -1.0}, "exponent");
  expect_refused({.exponent = 0.0 / 0.0}, "exponent");
}

}  // namespace
}  // namespace ridgeline
