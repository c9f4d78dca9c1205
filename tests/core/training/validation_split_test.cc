#include "core/training/validation_split.h"

#include <algorithm>
#include <set>

#include "core/base/random.h"
#include "core/dataset/aggregation.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

int64_t RowsOf(const InteractionTable& table, const std::string& user) {
  return std::count(table.user_rows.begin(), table.user_rows.end(), table.users->Find(user).value());
}

int64_t RowsWith(const InteractionTable& table, const std::string& item) {
  return std::count(table.item_rows.begin(), table.item_rows.end(), table.items->Find(item).value());
}

TEST(HoldOutNewest, HoldsOutTheNewest) {
  std::vector<Interaction> interactions = TwoTastes(40, 20);
  std::shuffle(interactions.begin(), interactions.end(), Random(1));
  for (size_t i = 0; i < interactions.size(); ++i) {
    interactions[i].time = absl::FromUnixSeconds(static_cast<int64_t>(i));
  }
  const InteractionTable table = TableOf(interactions);
  const Split split = HoldOutNewest(table, 0.25, 1);
  EXPECT_EQ(split.test.size(), 90);
  EXPECT_EQ(split.train.size(), 270);
  EXPECT_LT(*std::max_element(split.train.times.begin(), split.train.times.end()),
            *std::min_element(split.test.times.begin(), split.test.times.end()));
}

TEST(HoldOutNewest, HoldsOutARandomPartWhereTimesTellNothing) {
  std::vector<Interaction> interactions = TwoTastes(20, 20);
  for (Interaction& interaction : interactions) interaction.time = absl::UnixEpoch();
  const InteractionTable table = TableOf(interactions);
  const Split split = HoldOutNewest(table, 0.25, 1);
  const std::set<uint32_t> users(split.test.user_rows.begin(), split.test.user_rows.end());
  EXPECT_GT(users.size(), 10u) << "not only the users who happen to come last";
  EXPECT_EQ(HoldOutNewest(table, 0.25, 1).test.user_rows, split.test.user_rows);
  EXPECT_NE(HoldOutNewest(table, 0.25, 2).test.user_rows, split.test.user_rows);
}

TEST(HoldOutNewest, LeavesSomethingOfEachUserAndItemToTrainOn) {
  std::vector<Interaction> interactions = TwoTastes(20, 20);
  interactions.push_back(MakeInteraction("met once", "i0", 1.0f, 1'000'000));
  interactions.push_back(MakeInteraction("u0", "bought once", 1.0f, 1'000'000));
  const Split split = HoldOutNewest(TableOf(interactions), 0.5, 1);
  EXPECT_EQ(RowsOf(split.train, "met once"), 1);
  EXPECT_EQ(RowsWith(split.train, "bought once"), 1);
  EXPECT_EQ(split.test.size(), 91);
}

TEST(HoldOutNewest, NoUserAndNoItemCanFloodIt) {
  std::vector<Interaction> interactions = TwoTastes(400, 200);
  const auto honest = static_cast<int64_t>(interactions.size());
  for (int i = 0; i < 2'000; ++i) {
    interactions.push_back(MakeInteraction("bot", absl::StrCat("i", i % 200), 1.0f, honest + i));
    interactions.push_back(MakeInteraction(absl::StrCat("u", i % 400), "spam", 1.0f, honest + i));
  }
  const InteractionTable table = Aggregate(TableOf(interactions), Feedback::kImplicit);
  const Split split = HoldOutNewest(table, 0.05, 1);
  const auto held_out = static_cast<double>(split.test.size());
  EXPECT_NEAR(held_out, 0.05 * static_cast<double>(table.size()), 1.0);
  EXPECT_EQ(RowsOf(split.test, "bot"), kMostHeldOutOfUser);
  EXPECT_LE(static_cast<double>(RowsWith(split.test, "spam")), kMostHeldOutOfItem * held_out + 1);
  EXPECT_GT(RowsWith(split.test, "spam"), 0);
}

TEST(HoldOutNewest, HoldsOutNothingOfNothing) {
  EXPECT_EQ(HoldOutNewest(TableOf({}), 0.1, 1).test.size(), 0);
  EXPECT_EQ(HoldOutNewest(TableOf({MakeInteraction("u", "a")}), 0.4, 1).test.size(), 0);
}

TEST(SampleUsers, KeepsSomeUsersWhole) {
  const InteractionTable table = TableOf(TwoTastes(20, 10));
  const InteractionTable sample = SampleUsers(table, 5, 7);
  EXPECT_EQ(std::set<uint32_t>(sample.user_rows.begin(), sample.user_rows.end()).size(), 5u);
  EXPECT_EQ(sample.size(), 20);
  EXPECT_EQ(SampleUsers(table, 20, 7).size(), table.size());
  EXPECT_EQ(SampleUsers(table, 5, 7).user_rows, sample.user_rows) << "the same seed, the same users";
}

}  // namespace
}  // namespace ridgeline
