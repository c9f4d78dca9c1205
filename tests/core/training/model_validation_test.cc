#include "core/training/model_validation.h"

#include "core/als/als_trainer.h"
#include "core/training/training_data.h"
#include "gtest/gtest.h"
#include "tests/core/training/training_world.h"

namespace ridgeline {
namespace {

// Metrics of a small ALS model on a random tenth of two tastes.
std::map<std::string, double> Validate(Feedback feedback) {
  std::vector<Interaction> interactions = TwoTastes(60, 20);
  for (Interaction& interaction : interactions) {
    const bool even_user = (interaction.user_id.back() - '0') % 2 == 0;
    if (feedback == Feedback::kExplicit) interaction.value = even_user ? 5.0f : 1.0f;
    interaction.time = absl::UnixEpoch();
  }
  InteractionTableBuilder builder;
  for (const Interaction& interaction : interactions) builder.Add(interaction);
  const Split split = HoldOutNewest(AggregateEvidence(builder.Build(), feedback).value(), 0.1, 3);
  const Dataset train = BuildDataset(split.train, feedback);
  Arena arena(1);
  AlsRun run;
  run.arena = &arena;
  const auto model = TrainAls(train, TrainingWorld::SmallAls(feedback), run).value();
  return ValidateModel(*model, train, split.test, arena).value();
}

TEST(ValidateModel, MeasuresRatingsBesideTheBiasOnlyModel) {
  const auto metrics = Validate(Feedback::kExplicit);
  ASSERT_EQ(metrics.size(), 2u);
  EXPECT_LT(metrics.at("validation_rmse"), 1.0);
  EXPECT_GE(metrics.at("bias_only_rmse"), 0.0);
}

TEST(ValidateModel, MeasuresRankingsBesidePopularity) {
  const auto metrics = Validate(Feedback::kImplicit);
  ASSERT_EQ(metrics.size(), 2u);
  EXPECT_GT(metrics.at("validation_ndcg@20"), metrics.at("popularity_ndcg@20"));
}

}  // namespace
}  // namespace ridgeline
