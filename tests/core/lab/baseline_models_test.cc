#include "core/lab/baseline_models.h"

#include "absl/strings/str_cat.h"
#include "core/dataset/aggregation.h"
#include "core/evaluation/protocol.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::IsEmpty;
using testing::Key;
using testing::UnorderedElementsAre;

EvaluationData SmallData(Feedback feedback) {
  InteractionTableBuilder builder;
  for (int i = 0; i < 200; ++i) {
    Interaction interaction;
    interaction.user_id = absl::StrCat("u", i % 20);
    interaction.item_id = absl::StrCat("i", (i * 7 + i / 20) % 23);
    interaction.value = static_cast<float>(1 + (i * i) % 5);
    builder.Add(interaction);
  }
  const InteractionTable table = Aggregate(builder.Build(), feedback);
  return BuildEvaluationData(SplitInteractions(table, ParseSplit("random:0.2").value()), feedback);
}

TEST(BaselineModels, BiasIsTheBestOfSeveralByTestRmse) {
  Arena arena(2);
  EvaluationData data = SmallData(Feedback::kExplicit);
  const BaselineModels baselines = TrainBaselines(data.train).value();
  FinishTraining(&data);
  const auto options = ParseMetrics("rmse,ndcg@5").value();
  const auto metrics = EvaluateBaselines(baselines, data.held_out, options, arena).value();
  EXPECT_THAT(metrics.at("bias"), UnorderedElementsAre(Key("rmse"), Key("ndcg@5"), Key("regularization")));
  ASSERT_GT(baselines.bias.size(), 3u);
  for (const auto& model : baselines.bias) {
    EXPECT_LE(metrics.at("bias").at("rmse"), Evaluate(*model, data.held_out, options, arena)->at("rmse"));
  }
}

TEST(BaselineModels, PopularityPredictsNoRatings) {
  Arena arena(2);
  EvaluationData data = SmallData(Feedback::kExplicit);
  const BaselineModels baselines = TrainBaselines(data.train).value();
  FinishTraining(&data);
  const auto metrics =
      EvaluateBaselines(baselines, data.held_out, ParseMetrics("rmse,mae,ndcg@5").value(), arena).value();
  EXPECT_THAT(metrics.at("popularity"), UnorderedElementsAre(Key("ndcg@5")));
}

TEST(BaselineModels, ImplicitFeedbackHasNoBiasBaseline) {
  Arena arena(2);
  EvaluationData data = SmallData(Feedback::kImplicit);
  const BaselineModels baselines = TrainBaselines(data.train).value();
  FinishTraining(&data);
  const auto metrics =
      EvaluateBaselines(baselines, data.held_out, ParseMetrics("ndcg@5").value(), arena).value();
  EXPECT_THAT(metrics.at("bias"), IsEmpty());
  EXPECT_GT(metrics.at("popularity").at("ndcg@5"), 0.0);
}

}  // namespace
}  // namespace ridgeline
