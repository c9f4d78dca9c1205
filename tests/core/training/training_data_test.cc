#include "core/training/training_data.h"

#include <algorithm>
#include <set>

#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

InteractionTable TableOf(const std::vector<Interaction>& interactions) {
  InteractionTableBuilder builder;
  for (const Interaction& interaction : interactions) builder.Add(interaction);
  return builder.Build();
}

TEST(ReadTrainingTable, ReadsTheLogUpToTheSequence) {
  TrainingWorld world;
  world.Record({MakeInteraction("u", "a"), MakeInteraction("u", "b")});
  const uint64_t through = world.log->last_sequence();
  world.Record({MakeInteraction("v", "c")});
  const CancellationToken token;
  const InteractionTable table = ReadTrainingTable(*world.log, through, token).value();
  EXPECT_EQ(table.size(), 2);
  EXPECT_EQ(table.users->size(), 1u);
  EXPECT_FALSE(table.items->Find("c").has_value());
}

TEST(ReadTrainingTable, LeavesDeletedUsersAndTheirItemsOut) {
  TrainingWorld world;
  world.Record({MakeInteraction("u", "a"), MakeInteraction("gone", "only theirs")});
  world.log->DeleteUser("gone").value();
  const CancellationToken token;
  const InteractionTable table = ReadTrainingTable(*world.log, world.log->last_sequence(), token).value();
  EXPECT_FALSE(table.users->Find("gone").has_value());
  EXPECT_FALSE(table.items->Find("only theirs").has_value());
}

TEST(ReadTrainingTable, RefusesAnEmptyLogAndStopsWhenCancelled) {
  TrainingWorld world;
  CancellationToken token;
  EXPECT_EQ(ReadTrainingTable(*world.log, 0, token).status().code(), absl::StatusCode::kFailedPrecondition);
  world.Record({MakeInteraction("u", "a")});
  token.Cancel();
  EXPECT_EQ(ReadTrainingTable(*world.log, 1, token).status().code(), absl::StatusCode::kCancelled);
}

TEST(AggregateEvidence, LeavesOutImplicitWeightsThatAreNotAboveZero) {
  const InteractionTable table =
      TableOf({MakeInteraction("u", "a", 1.0f), MakeInteraction("u", "b", 1.0f),
               MakeInteraction("u", "b", -1.0f), MakeInteraction("u", "c", -2.0f)});
  const InteractionTable evidence = AggregateEvidence(table, Feedback::kImplicit).value();
  ASSERT_EQ(evidence.size(), 1);
  EXPECT_EQ(evidence.items->Id(evidence.item_rows[0]), "a");
  EXPECT_EQ(AggregateEvidence(table, Feedback::kExplicit).value().size(), 3);
}

TEST(AggregateEvidence, RefusesATableWithoutAny) {
  const InteractionTable table = TableOf({MakeInteraction("u", "a", -1.0f)});
  EXPECT_EQ(AggregateEvidence(table, Feedback::kImplicit).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(HoldOutNewest, HoldsOutTheNewest) {
  const InteractionTable table = TableOf(TwoTastes(10, 10));
  const Split split = HoldOutNewest(table, 0.25, 1);
  EXPECT_EQ(split.test.size(), 10);
  EXPECT_LT(*std::max_element(split.train.times.begin(), split.train.times.end()),
            *std::min_element(split.test.times.begin(), split.test.times.end()));
}

TEST(HoldOutNewest, HoldsOutARandomPartWhereTimesTellNothing) {
  std::vector<Interaction> interactions = TwoTastes(20, 20);
  for (Interaction& interaction : interactions) interaction.time = absl::UnixEpoch();
  const Split split = HoldOutNewest(TableOf(interactions), 0.25, 1);
  const std::set<uint32_t> users(split.test.user_rows.begin(), split.test.user_rows.end());
  EXPECT_GT(users.size(), 10u) << "not only the users who happen to come last";
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
