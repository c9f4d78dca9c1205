#include "core/als/bias_initialization.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

TEST(SolveBiases, IsTheDampedMeanOfTheResiduals) {
  const Dataset dataset = MakeDataset(Feedback::kExplicit, 2, 3, {4, 0, 5, 0, 2, 0});
  const std::vector<float> biases = SolveBiases(dataset.by_user, 3.0, {0.5f, 0.25f, -0.5f}, 2.0);
  EXPECT_THAT(biases,
              testing::ElementsAre(testing::FloatEq((0.5f + 2.5f) / 4.0f), testing::FloatEq(-1.25f / 3.0f)));
}

TEST(SolveBiases, GivesARowWithoutEntriesZeroEvenWithoutDamping) {
  const Dataset dataset = MakeDataset(Feedback::kExplicit, 2, 1, {4, 0});
  EXPECT_THAT(SolveBiases(dataset.by_user, 3.0, {0.0f}, 0.0), testing::ElementsAre(1.0f, 0.0f));
}

TEST(MeanValue, CountsEntriesOnly) {
  const Dataset dataset = MakeDataset(Feedback::kExplicit, 2, 3, {4, 0, 5, 0, 3, 0});
  EXPECT_DOUBLE_EQ(MeanValue(dataset.by_user), 4.0);
}

TEST(MeanValue, OfAnEmptyMatrixIsZero) {
  EXPECT_EQ(MeanValue(CsrMatrix()), 0.0);
}

}  // namespace
}  // namespace ridgeline
