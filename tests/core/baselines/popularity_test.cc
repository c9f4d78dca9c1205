#include "core/baselines/popularity.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/baselines/small_dataset.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

TEST(Popularity, ImplicitScoreIsTheShareOfSummedWeights) {
  const Dataset dataset = MakeDataset({{"a", "x", 2}, {"b", "x", 1}, {"a", "y", 1}}, Feedback::kImplicit);
  const auto model = TrainPopularity(dataset).value();
  EXPECT_THAT(model->item_popularity(), ElementsAre(3, 1));
  EXPECT_THAT(model->items().biases, ElementsAre(FloatEq(0.75f), FloatEq(0.25f)));
  EXPECT_EQ(model->global_mean(), 0.0);
  EXPECT_EQ(model->factors(), 0);
  EXPECT_FLOAT_EQ(model->Score(model->User(1), 0), 0.75f);
}

TEST(Popularity, ExplicitCountsRatingsWhateverTheirValue) {
  const Dataset dataset = MakeDataset({{"a", "x", 1}, {"b", "x", 1}, {"a", "y", 4}}, Feedback::kExplicit);
  const auto model = TrainPopularity(dataset).value();
  EXPECT_THAT(model->item_popularity(), ElementsAre(2, 1));
  EXPECT_DOUBLE_EQ(model->global_mean(), 2.0);
  EXPECT_GT(model->Score(model->User(0), 0), model->Score(model->User(0), 1));
}

TEST(Popularity, AnEmptyDatasetIsRefused) {
  EXPECT_EQ(TrainPopularity(MakeDataset({}, Feedback::kImplicit)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace ridgeline
