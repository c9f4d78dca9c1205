#include "core/evaluation/protocol.h"

#include "absl/strings/str_cat.h"
#include "core/dataset/aggregation.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

// 10 users of 10 interactions each with distinct items of 30.
InteractionTable TableOfTens() {
  InteractionTableBuilder builder;
  for (int user = 0; user < 10; ++user) {
    for (int i = 0; i < 10; ++i) {
      Interaction interaction;
      interaction.user_id = absl::StrCat("u", user);
      interaction.item_id = absl::StrCat("i", (user * 7 + i) % 30);
      interaction.value = static_cast<float>(1 + i % 5);
      builder.Add(interaction);
    }
  }
  return builder.Build();
}

EvaluationData BuildBySplit(const std::string& split) {
  const InteractionTable table = Aggregate(TableOfTens(), Feedback::kExplicit);
  return BuildEvaluationData(SplitInteractions(table, ParseSplit(split).value()), Feedback::kExplicit);
}

TEST(Protocol, WeakGeneralizationKnowsTheTrainingRows) {
  EvaluationData data = BuildBySplit("random-per-user:0.2");
  EXPECT_FALSE(data.held_out.fold_in_known);
  EXPECT_EQ(data.train_interactions, 80);
  EXPECT_EQ(data.train_users, 10);
  EXPECT_EQ(data.held_out.test.entries(), 20);
  FinishTraining(&data);
  EXPECT_EQ(data.held_out.known.entries(), 80);
  EXPECT_EQ(data.train.by_user.entries(), 0);
  EXPECT_EQ(data.train.by_item.entries(), 0);
}

TEST(Protocol, StrongGeneralizationFoldsInUsersThatTrainingNeverSaw) {
  EvaluationData data = BuildBySplit("users:0.3:0.4");
  EXPECT_TRUE(data.held_out.fold_in_known);
  EXPECT_EQ(data.train_users, 7);
  EXPECT_EQ(data.train_interactions, 70);
  EXPECT_EQ(data.held_out.known.entries(), 18);
  EXPECT_EQ(data.held_out.test.entries(), 12);
  for (uint32_t user = 0; user < data.train.by_user.rows; ++user) {
    const bool held_out = data.held_out.test.RowEntries(user) > 0;
    EXPECT_EQ(data.train.by_user.RowEntries(user) == 0, held_out);
    EXPECT_EQ(data.held_out.known.RowEntries(user) > 0, held_out);
  }
  FinishTraining(&data);
  EXPECT_EQ(data.held_out.known.entries(), 18);
}

TEST(Protocol, AllPartsHaveTheSameRows) {
  const EvaluationData data = BuildBySplit("random:0.5");
  EXPECT_EQ(data.held_out.test.rows, data.train.by_user.rows);
  EXPECT_EQ(data.held_out.test.columns, data.train.by_user.columns);
  EXPECT_EQ(data.train.users->size(), data.train.by_user.rows);
}

}  // namespace
}  // namespace ridgeline
