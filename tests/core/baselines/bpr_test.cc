#include "core/baselines/bpr.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/baselines/popularity.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using testing::StartsWith;

constexpr uint32_t kUsers = 80;
constexpr uint32_t kItems = 60;

// Two tastes: users like items of their own parity, some items of which are held out.
Dataset TwoTastes() {
  Random random(1);
  std::vector<float> seen(kUsers * kItems, 0.0f);
  for (uint32_t user = 0; user < kUsers; ++user) {
    for (uint32_t item = user % 2; item < kItems; item += 2) {
      if (random.Uniform() < 0.6) seen[user * kItems + item] = 1.0f;
    }
  }
  return MakeDataset(Feedback::kImplicit, kUsers, kItems, seen);
}

BprOptions BprTestOptions() {
  BprOptions options;
  options.descent.hyperparameters.factors = 4;
  options.descent.learning_rate = 0.1;
  options.descent.iterations = 60;
  return options;
}

// How often an unseen item of the user's taste is scored above one of the other taste.
double ShareInOrder(const Dataset& dataset, const FactorModel& model) {
  int64_t right = 0, all = 0;
  for (uint32_t user = 0; user < kUsers; ++user) {
    const auto seen = dataset.by_user.RowColumns(user);
    const UserVector vector = model.User(user);
    for (uint32_t item = user % 2; item < kItems; item += 2) {
      if (std::binary_search(seen.begin(), seen.end(), item)) continue;
      for (uint32_t other = 1 - user % 2; other < kItems; other += 2) {
        right += model.Score(vector, item) > model.Score(vector, other) ? 1 : 0;
        ++all;
      }
    }
  }
  return static_cast<double>(right) / static_cast<double>(all);
}

TEST(Bpr, RanksHeldOutItemsOfATasteWherePopularityCannot) {
  const Dataset dataset = TwoTastes();
  Arena arena(2);
  for (const NegativeSampling sampling : {NegativeSampling::kUniform, NegativeSampling::kPopularity}) {
    BprOptions options = BprTestOptions();
    options.negatives = sampling;
    const auto model = TrainBpr(dataset, options, {&arena});
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_GT(ShareInOrder(dataset, **model), 0.95) << NegativeSamplingName(sampling);
  }
  EXPECT_LT(ShareInOrder(dataset, **TrainPopularity(dataset)), 0.6);
}

TEST(Bpr, LowersTheMeanLoss) {
  Arena arena(2);
  std::vector<double> losses;
  GradientDescentRun run{&arena};
  run.on_progress = [&](const AlsProgress& progress) { losses.push_back(progress.objective); };
  ASSERT_TRUE(TrainBpr(TwoTastes(), BprTestOptions(), run).ok());
  EXPECT_NEAR(losses.front(), 0.69, 0.02) << "log 2 while nothing is known";
  EXPECT_LT(losses.back(), 0.3);
}

TEST(Bpr, GivesTheSameBitsAtAnyNumberOfThreads) {
  const Dataset dataset = TwoTastes();
  Arena one(1), three(3);
  const auto a = TrainBpr(dataset, BprTestOptions(), {&one}),
             b = TrainBpr(dataset, BprTestOptions(), {&three});
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ((*a)->users().values, (*b)->users().values);
  EXPECT_EQ((*a)->items().biases, (*b)->items().biases);
}

TEST(Bpr, PassesOverAUserWhoHasEverything) {
  const Dataset dataset = MakeDataset(Feedback::kImplicit, 2, 3, {1, 1, 1, 1, 1, 1});
  Arena arena(1);
  EXPECT_TRUE(TrainBpr(dataset, BprTestOptions(), {&arena}).ok());
}

TEST(Bpr, NamesTheOptionThatIsOutOfRange) {
  Arena arena(1);
  BprOptions options = BprTestOptions();
  options.regularization = -0.1;
  EXPECT_THAT(std::string(TrainBpr(TwoTastes(), options, {&arena}).status().message()),
              StartsWith("regularization: "));
  EXPECT_THAT(std::string(ParseNegativeSampling("often").status().message()),
              StartsWith("negative_sampling: "));
}

}  // namespace
}  // namespace ridgeline
