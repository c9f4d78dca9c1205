#include "core/lab/training_result.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

Dataset SmallRatings() {
  InteractionTableBuilder builder;
  for (int i = 0; i < 60; ++i) {
    Interaction interaction;
    interaction.user_id = absl::StrCat("u", i % 12);
    interaction.item_id = absl::StrCat("i", (i * 5 + i / 12) % 17);
    interaction.value = static_cast<float>(1 + i % 5);
    builder.Add(interaction);
  }
  return BuildDataset(builder.Build(), Feedback::kExplicit);
}

TrainingOptions OptionsOf(const std::string& algorithm) {
  TrainingFlags flags;
  flags.feedback = "explicit";
  flags.algorithm = algorithm;
  flags.hyperparameters.factors = 3;
  flags.iterations = 4;
  return ResolveTrainingFlags(flags).value();
}

TEST(TrainModel, AlsReportsEveryIterationAndNeverRises) {
  Arena arena(2);
  const TrainingResult result = TrainModel(SmallRatings(), OptionsOf("als"), arena).value();
  EXPECT_EQ(result.model->factors(), 3);
  EXPECT_EQ(result.epoch_seconds.size(), 4u);
  ASSERT_EQ(result.objective.size(), 4u);
  for (size_t i = 1; i < 4; ++i) EXPECT_LE(result.objective[i], result.objective[i - 1] * (1 + 1e-6));
  EXPECT_GE(result.train_seconds, result.epoch_seconds[0]);
}

TEST(TrainModel, BaselinesHaveNoIterations) {
  Arena arena(1);
  for (const char* algorithm : {"popularity", "bias"}) {
    const TrainingResult result = TrainModel(SmallRatings(), OptionsOf(algorithm), arena).value();
    EXPECT_EQ(result.model->factors(), 0);
    EXPECT_TRUE(result.epoch_seconds.empty());
    EXPECT_TRUE(result.objective.empty());
  }
}

TEST(TrainModel, AnEmptyDatasetIsRefused) {
  Arena arena(1);
  const Dataset empty = BuildDataset(InteractionTableBuilder().Build(), Feedback::kExplicit);
  for (const char* algorithm : {"als", "popularity", "bias"}) {
    EXPECT_FALSE(TrainModel(empty, OptionsOf(algorithm), arena).ok()) << algorithm;
  }
}

}  // namespace
}  // namespace ridgeline
