#include "core/training/training_data.h"

#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

TEST(ReadTrainingTable, ReadsTheLogUpToTheSequence) {
  TrainingWorld world;
  world.Record({MakeInteraction("u", "a"), MakeInteraction("u", "b")});
  const uint64_t through = world.log->last_sequence();
  world.Record({MakeInteraction("v", "c")});
  const CancellationToken token;
  EventWeight weight;
  const InteractionTable table = ReadTrainingTable(*world.log, through, weight, token).value();
  EXPECT_EQ(table.size(), 2);
  EXPECT_EQ(table.users->size(), 1u);
  EXPECT_FALSE(table.items->Find("c").has_value());
}

TEST(ReadTrainingTable, LeavesDeletedUsersAndTheirItemsOut) {
  TrainingWorld world;
  world.Record({MakeInteraction("u", "a"), MakeInteraction("gone", "only theirs")});
  world.log->DeleteUser("gone").value();
  const CancellationToken token;
  EventWeight weight;
  const InteractionTable table =
      ReadTrainingTable(*world.log, world.log->last_sequence(), weight, token).value();
  EXPECT_FALSE(table.users->Find("gone").has_value());
  EXPECT_FALSE(table.items->Find("only theirs").has_value());
}

TEST(ReadTrainingTable, WeighsByTypeAndAgeAndTellsWhatAgeIsMeasuredFrom) {
  TrainingWorld world;
  Interaction buy = MakeInteraction("u", "a", 2.0f, 0);
  buy.event_type = "buy";
  Interaction seen = MakeInteraction("u", "c", 1.0f, 999'999);
  seen.event_type = "seen";
  world.Record({buy, seen, MakeInteraction("u", "b", 2.0f, 86'400)});
  const CancellationToken token;
  EventWeight weight{.type_factors = {{"buy", 10.0}, {"seen", 0.0}}, .half_life_days = 1.0};
  const InteractionTable table = ReadTrainingTable(*world.log, 3, weight, token).value();
  EXPECT_EQ(table.values, (std::vector<float>{10.0f, 2.0f}));
  EXPECT_EQ(weight.reference_time, 86'400'000'000);
}

TEST(ReadTrainingTable, RefusesAnEmptyLogAndStopsWhenCancelled) {
  TrainingWorld world;
  CancellationToken token;
  EventWeight weight;
  EXPECT_EQ(ReadTrainingTable(*world.log, 0, weight, token).status().code(),
            absl::StatusCode::kFailedPrecondition);
  world.Record({MakeInteraction("u", "a")});
  token.Cancel();
  EXPECT_EQ(ReadTrainingTable(*world.log, 1, weight, token).status().code(), absl::StatusCode::kCancelled);
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

TEST(AggregateEvidence, HasNoIdsOfUsersAndItemsWithoutEvidence) {
  const InteractionTable table = TableOf({MakeInteraction("x", "c", -1.0f), MakeInteraction("u", "b", -2.0f),
                                          MakeInteraction("u", "a", 1.0f), MakeInteraction("v", "d", 3.0f)});
  const InteractionTable evidence = AggregateEvidence(table, Feedback::kImplicit).value();
  EXPECT_EQ(evidence.users->size(), 2u);
  EXPECT_EQ(evidence.items->size(), 2u);
  ASSERT_EQ(evidence.size(), 2);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(evidence.users->Id(evidence.user_rows[i]), i == 0 ? "u" : "v");
    EXPECT_EQ(evidence.items->Id(evidence.item_rows[i]), i == 0 ? "a" : "d");
    EXPECT_EQ(evidence.values[i], i == 0 ? 1.0f : 3.0f);
  }
}

TEST(AggregateEvidence, RefusesATableWithoutAny) {
  const InteractionTable table = TableOf({MakeInteraction("u", "a", -1.0f)});
  EXPECT_EQ(AggregateEvidence(table, Feedback::kImplicit).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace ridgeline
