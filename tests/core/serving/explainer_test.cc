#include "core/serving/explainer.h"

#include <cmath>

#include "core/als/fold_in.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

class ExplainerTest : public testing::TestWithParam<Feedback> {};

TEST_P(ExplainerTest, PartsSumToTheFoldedInScore) {
  ServedModel served;
  served.feedback = GetParam();
  const auto model = MakeStoredModel(served).model;
  const FakeCatalog catalog;
  const History history{{3, 8, 20}, {4.0f, 1.0f, 2.5f}};
  const UserVector user = FoldInUser(*model, history).value();
  for (uint32_t row = 0; row < 50; ++row) {
    double sum = model->global_mean() + user.bias + model->items().biases[row];
    const auto parts = ExplainByHistory(*model, catalog, history, {row}, 3)->front();
    for (const ExplanationPart& part : parts) sum += part.contribution;
    EXPECT_NEAR(sum, model->Score(user, row), 1e-3) << row;
  }
}

TEST_P(ExplainerTest, GivesTheLargestPartsFirstWithTheirTitles) {
  ServedModel served;
  served.feedback = GetParam();
  const auto model = MakeStoredModel(served).model;
  FakeCatalog catalog;
  for (const char* id : {"i3", "i8", "i20"}) catalog.Put(id, std::string("title of ") + id);
  const History history{{3, 8, 20}, {4.0f, 1.0f, 2.5f}};
  const auto all = ExplainByHistory(*model, catalog, history, {30}, 100)->front();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_GE(std::abs(all[0].contribution), std::abs(all[1].contribution));
  EXPECT_GE(std::abs(all[1].contribution), std::abs(all[2].contribution));
  for (const ExplanationPart& part : all) EXPECT_EQ(part.title, "title of " + part.item_id);
  const auto one = ExplainByHistory(*model, catalog, history, {30}, 1)->front();
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].item_id, all[0].item_id);
}

TEST_P(ExplainerTest, ManyItemsAreExplainedAsEachAlone) {
  ServedModel served;
  served.feedback = GetParam();
  const auto model = MakeStoredModel(served).model;
  const FakeCatalog catalog;
  const History history{{3, 8, 20}, {4.0f, 1.0f, 2.5f}};
  const auto together = ExplainByHistory(*model, catalog, history, {30, 5, 8}, 2).value();
  ASSERT_EQ(together.size(), 3u);
  EXPECT_THAT(together[1], testing::SizeIs(2));
  for (size_t i = 0; i < 3; ++i) {
    const auto alone = ExplainByHistory(*model, catalog, history, {std::vector<uint32_t>{30, 5, 8}[i]}, 2);
    EXPECT_EQ(together[i][0].item_id, alone->front()[0].item_id);
    EXPECT_EQ(together[i][1].contribution, alone->front()[1].contribution);
  }
}

INSTANTIATE_TEST_SUITE_P(BothKinds, ExplainerTest, testing::Values(Feedback::kExplicit, Feedback::kImplicit));

}  // namespace
}  // namespace ridgeline
