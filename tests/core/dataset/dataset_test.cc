#include "core/dataset/dataset.h"

#include <map>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "tests/core/dataset/random_table.h"

namespace ridgeline {
namespace {

using Ratings = std::map<std::pair<uint32_t, uint32_t>, float>;

Ratings RatingsOf(const CsrMatrix& by_user) {
  Ratings ratings;
  for (uint32_t user = 0; user < by_user.rows; ++user) {
    for (size_t i = 0; i < by_user.RowColumns(user).size(); ++i) {
      EXPECT_TRUE(
          ratings.emplace(std::pair(user, by_user.RowColumns(user)[i]), by_user.RowValues(user)[i]).second);
    }
  }
  return ratings;
}

TEST(Dataset, HoldsOneSummedEntryForEachPairOfImplicitFeedback) {
  const InteractionTable table = RandomTable(3000, 40, 30, 1);
  Ratings expected;
  for (size_t i = 0; i < table.values.size(); ++i) {
    expected[{table.user_rows[i], table.item_rows[i]}] += table.values[i];
  }
  const Dataset dataset = BuildDataset(table, Feedback::kImplicit);
  EXPECT_EQ(dataset.feedback, Feedback::kImplicit);
  EXPECT_EQ(RatingsOf(dataset.by_user), expected);
}

TEST(Dataset, BothOrientationsHoldTheSameEntries) {
  const Dataset dataset = BuildDataset(RandomTable(500, 20, 50, 2), Feedback::kExplicit);
  const CsrMatrix back = Transpose(dataset.by_item);
  EXPECT_EQ(back.offsets, dataset.by_user.offsets);
  EXPECT_EQ(back.column_indices, dataset.by_user.column_indices);
  EXPECT_EQ(back.values, dataset.by_user.values);
}

TEST(Dataset, IdsWithoutInteractionsHaveEmptyRows) {
  const IdMap known = IdMap::FromIds({"a", "b", "c"}).value();
  InteractionTableBuilder builder(known, known);
  Interaction interaction;
  interaction.user_id = "b";
  interaction.item_id = "d";
  builder.Add(interaction);
  const Dataset dataset = BuildDataset(builder.Build(), Feedback::kExplicit);
  EXPECT_EQ(dataset.by_user.rows, 3u);
  EXPECT_EQ(dataset.by_user.columns, 4u);
  EXPECT_EQ(dataset.by_user.RowEntries(0), 0);
  EXPECT_EQ(dataset.by_user.RowEntries(1), 1);
  EXPECT_EQ(dataset.by_item.RowEntries(3), 1);
}

TEST(Dataset, OfNothingIsEmpty) {
  const Dataset dataset = BuildDataset(InteractionTableBuilder().Build(), Feedback::kImplicit);
  EXPECT_EQ(dataset.by_user.entries(), 0);
  EXPECT_EQ(dataset.by_item.rows, 0u);
}

}  // namespace
}  // namespace ridgeline
