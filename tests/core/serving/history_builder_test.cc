#include "core/serving/history_builder.h"

#include <limits>
#include <map>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

std::map<uint32_t, float> AsMap(const History& history) {
  std::map<uint32_t, float> values;
  for (size_t i = 0; i < history.size(); ++i) values[history.rows[i]] = history.values[i];
  return values;
}

class HistoryBuilderProperty : public testing::TestWithParam<Feedback> {};

TEST_P(HistoryBuilderProperty, AggregatesAsTrainingDoes) {
  Random random(5);
  for (int round = 0; round < 50; ++round) {
    IdMap items;
    for (int i = 0; i < 8; ++i) items.Add(absl::StrCat("i", i));
    InteractionTableBuilder table_builder(IdMap(), items);
    HistoryBuilder builder(GetParam());
    for (int event = 0; event < 30; ++event) {
      Interaction interaction;
      interaction.user_id = "u";
      interaction.value = static_cast<float>(1 + random.Below(5));
      interaction.time = absl::FromUnixSeconds(static_cast<int64_t>(random.Below(6)));
      const auto row = static_cast<uint32_t>(random.Below(8));
      interaction.item_id = absl::StrCat("i", row);
      table_builder.Add(interaction);
      builder.Add(row, interaction.value, interaction.time);
    }
    const InteractionTable table = Aggregate(table_builder.Build(), GetParam());
    std::map<uint32_t, float> expected;
    for (size_t i = 0; i < table.values.size(); ++i) expected[table.item_rows[i]] = table.values[i];
    EXPECT_EQ(AsMap(builder.Build()), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(BothKinds, HistoryBuilderProperty,
                         testing::Values(Feedback::kExplicit, Feedback::kImplicit));

TEST(HistoryBuilder, KeepsWeightsThatAreNoEvidenceApart) {
  HistoryBuilder builder(Feedback::kImplicit);
  builder.Add(1, 2.0f, absl::UnixEpoch());
  builder.Add(2, 1.0f, absl::UnixEpoch());
  builder.Add(2, -1.0f, absl::UnixEpoch());
  EXPECT_EQ(AsMap(builder.Build()), (std::map<uint32_t, float>{{1, 2.0f}}));
  EXPECT_EQ(builder.UnweighedRows(), (std::vector<uint32_t>{2}));
}

TEST(HistoryBuilder, SumsStayFinite) {
  HistoryBuilder builder(Feedback::kImplicit);
  builder.Add(1, 3e38f, absl::UnixEpoch());
  builder.Add(1, 3e38f, absl::UnixEpoch());
  EXPECT_EQ(builder.Build().values, std::vector<float>{std::numeric_limits<float>::max()});
}

TEST(HistoryBuilder, TakesAnyRating) {
  HistoryBuilder builder(Feedback::kExplicit);
  builder.Add(1, -2.0f, absl::UnixEpoch());
  EXPECT_EQ(builder.Build().size(), 1u);
  EXPECT_TRUE(builder.UnweighedRows().empty());
}

}  // namespace
}  // namespace ridgeline
