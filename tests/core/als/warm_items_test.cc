#include "core/als/warm_items.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/als/random_dataset.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

std::shared_ptr<const FactorModel> MakeModel(Feedback feedback, const std::vector<float>& items) {
  FactorModelParts parts;
  parts.hyperparameters.feedback = feedback;
  parts.hyperparameters.factors = 2;
  parts.item_ids = MakeIds("item", static_cast<uint32_t>(items.size() / 2));
  parts.user_ids = MakeIds("user", 2);
  parts.items = RandomFactors(parts.item_ids->size(), 2, true, 3);
  parts.items.values.assign(items.begin(), items.end());
  parts.users = RandomFactors(2, 2, true, 4);
  parts.item_popularity.assign(parts.item_ids->size(), 1.0f);
  return FactorModel::Create(std::move(parts)).value();
}

class WarmItemsTest : public testing::TestWithParam<Feedback> {};

TEST_P(WarmItemsTest, KnownItemsAreAsTheModelHasThem) {
  const auto model = MakeModel(GetParam(), {1, 2, 3, 4});
  const Dataset dataset = MakeDataset(GetParam(), 1, 2, {1, 1});
  const WarmItems items(*model, dataset);
  EXPECT_THAT(items.Find(1)->factors, ElementsAre(3.0f, 4.0f));
  EXPECT_EQ(items.Find(1)->bias, model->items().biases[1]);
}

TEST_P(WarmItemsTest, NewItemsAreFoldedInFromTheUsersThatTheModelKnows) {
  const auto model = MakeModel(GetParam(), {1, 2});
  // user2 is new to the model, and so is item1, which all three met.
  const Dataset dataset = MakeDataset(GetParam(), 3, 2, {1, 2, 1, 3, 1, 4});
  const auto folded = FoldInItem(*model, {{0, 1}, {2.0f, 3.0f}}).value();
  const auto found = WarmItems(*model, dataset).Find(1);
  EXPECT_THAT(found->factors, ElementsAreArray(folded.factors));
  EXPECT_EQ(found->bias, folded.bias);
}

TEST_P(WarmItemsTest, AKnownItemOfZerosIsFoldedInToo) {
  const auto model = MakeModel(GetParam(), {0, 0});
  const Dataset dataset = MakeDataset(GetParam(), 1, 1, {2});
  EXPECT_THAT(WarmItems(*model, dataset).Find(0)->factors,
              ElementsAreArray(FoldInItem(*model, {{0}, {2.0f}}).value().factors));
}

TEST_P(WarmItemsTest, NothingIsFoundOfItemsThatOnlyNewUsersMet) {
  const auto model = MakeModel(GetParam(), {1, 2});
  const Dataset dataset = MakeDataset(GetParam(), 3, 2, {1, 0, 1, 0, 1, 1});
  EXPECT_FALSE(WarmItems(*model, dataset).Find(1).has_value());
}

INSTANTIATE_TEST_SUITE_P(Feedbacks, WarmItemsTest, testing::Values(Feedback::kExplicit, Feedback::kImplicit));

}  // namespace
}  // namespace ridgeline
