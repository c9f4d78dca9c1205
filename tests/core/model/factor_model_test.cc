#include "core/model/factor_model.h"

#include <limits>
#include <string>

#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

void ExpectRefused(FactorModelParts parts, const std::string& part) {
  const auto model = FactorModel::Create(std::move(parts));
  ASSERT_EQ(model.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(model.status().message()), StartsWith(part + ":"));
}

TEST(FactorModel, ScoreAddsMeanBiasesAndProduct) {
  const auto model = SmallModel();
  // 3.5 + 0.125 + 0.25 + (1 * 0.5 + 0.5 * 1)
  EXPECT_FLOAT_EQ(model->Score(model->User(0), 0), 4.875f);
  // 3.5 - 0.5 + 0 + 0
  EXPECT_FLOAT_EQ(model->Score(model->User(1), 2), 3.0f);
}

TEST(FactorModel, UserIsTheStoredRow) {
  const UserVector user = SmallModel()->User(1);
  EXPECT_THAT(user.factors, ElementsAre(-0.25f, 2.0f));
  EXPECT_EQ(user.bias, -0.5f);
}

TEST(FactorModel, GramiansAreSumsOfOuterProducts) {
  const auto model = SmallModel();
  EXPECT_THAT(model->user_gramian(), ElementsAre(1.0625f, 0.0f, 0.0f, 4.25f));
  EXPECT_THAT(model->item_gramian(), ElementsAre(2.5f, 0.125f, 0.125f, 1.0625f));
}

TEST(FactorModel, GramianEqualsTheNaiveSum) {
  constexpr int kFactors = 13;
  FactorMatrix matrix{kFactors, PageVector<float>(500 * kFactors), std::vector<float>(500)};
  Random random(3);
  for (float& value : matrix.values) value = static_cast<float>(random.Normal());
  const std::vector<float> gramian = Gramian(matrix);
  for (int a = 0; a < kFactors; ++a) {
    for (int b = 0; b < kFactors; ++b) {
      double sum = 0.0;
      for (uint32_t row = 0; row < matrix.rows(); ++row)
        sum += double{matrix.Row(row)[a]} * matrix.Row(row)[b];
      EXPECT_NEAR(gramian[a * kFactors + b], sum, 1e-3);
    }
  }
}

TEST(FactorModel, PlacedItemsAreScoredButInNoSumOverItems) {
  for (const bool implicit : {false, true}) {
    FactorModelParts parts = SmallModelParts();
    if (implicit) {
      parts.hyperparameters.feedback = Feedback::kImplicit;
      parts.hyperparameters.implicit_biases = true;
    }
    const auto trained = FactorModel::Create(parts).value();
    parts.item_ids = MakeIds({"apple", "pear", "pl\xC3\xBCm", "quince"});
    parts.items.values.insert(parts.items.values.end(), {4.0f, -2.0f});
    parts.items.biases.push_back(1.0f);
    parts.item_popularity.push_back(0.0f);
    parts.placed_items = 1;
    const auto model = FactorModel::Create(parts).value();
    EXPECT_EQ(model->item_gramian(), trained->item_gramian());
    EXPECT_EQ(model->item_bias_moment(), trained->item_bias_moment());
    EXPECT_FLOAT_EQ(model->Score(model->User(0), 3), 3.5f + 0.125f + 1.0f + 3.0f);
  }
}

TEST(FactorModel, MorePlacedItemsThanItemsAreRefused) {
  FactorModelParts parts = SmallModelParts();
  parts.placed_items = 3;
  EXPECT_THAT(FactorModel::Create(parts).value()->item_gramian(), ElementsAre(0, 0, 0, 0));
  parts.placed_items = 4;
  ExpectRefused(parts, "placed_items");
}

TEST(FactorModel, WithoutFactorsScoresByBiases) {
  FactorModelParts parts = SmallModelParts();
  parts.hyperparameters.factors = 0;
  parts.users = {0, {}, parts.users.biases};
  parts.items = {0, {}, parts.items.biases};
  const auto model = FactorModel::Create(std::move(parts)).value();
  EXPECT_FLOAT_EQ(model->Score(model->User(0), 1), 3.5f);
  EXPECT_TRUE(model->item_gramian().empty());
}

TEST(FactorModel, DisagreeingShapesAreRefusedByPart) {
  FactorModelParts parts = SmallModelParts();
  parts.users.values.pop_back();
  ExpectRefused(parts, "users");
  parts = SmallModelParts();
  parts.items.biases.push_back(0.0f);
  ExpectRefused(parts, "items");
  parts = SmallModelParts();
  parts.items.factors = 3;
  ExpectRefused(parts, "items");
  parts = SmallModelParts();
  parts.item_popularity.clear();
  ExpectRefused(parts, "item_popularity");
  parts = SmallModelParts();
  parts.user_ids = nullptr;
  ExpectRefused(parts, "users");
}

TEST(FactorModel, NumbersThatAreNotFiniteAreRefused) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  FactorModelParts parts = SmallModelParts();
  parts.items.values[3] = kNan;
  ExpectRefused(parts, "items");
  parts = SmallModelParts();
  parts.users.biases[0] = std::numeric_limits<float>::infinity();
  ExpectRefused(parts, "users");
  parts = SmallModelParts();
  parts.global_mean = std::numeric_limits<double>::quiet_NaN();
  ExpectRefused(parts, "global_mean");
  parts = SmallModelParts();
  parts.item_popularity[1] = -1.0f;
  ExpectRefused(parts, "item_popularity");
}

TEST(FactorModel, FactorsWhoseGramianOverflowsAreRefused) {
  FactorModelParts parts = SmallModelParts();
  parts.items.values[0] = 3e30f;
  ExpectRefused(parts, "items");
}

TEST(FactorModel, BadHyperparametersAreRefused) {
  FactorModelParts parts = SmallModelParts();
  parts.hyperparameters.regularization = 0.0;
  ExpectRefused(parts, "regularization");
}

}  // namespace
}  // namespace ridgeline
