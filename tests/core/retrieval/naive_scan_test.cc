#include "core/retrieval/naive_scan.h"

#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"

namespace ridgeline {
namespace {

TEST(NaiveTopK, MatchesAnExampleByHand) {
  FactorModelParts parts = RandomModelParts(1, 1, 3, 2, Numbers::kNormal);
  parts.items.values = {1.0f, 0.0f, 0.0f, 1.0f, 2.0f, 2.0f};
  parts.items.biases = {0.5f, 0.0f, -3.0f};
  const auto model = FactorModel::Create(std::move(parts)).value();
  RetrievalQuery query;
  const std::vector<float> vector = {1.0f, 2.0f};
  query.vector = vector;
  query.constant = 1.0f;
  query.k = 2;
  const std::vector<ScoredItem> items = NaiveTopK(*model, query);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].row, 2u);
  EXPECT_EQ(items[0].score, 4.0f);
  EXPECT_EQ(items[1].row, 1u);
  EXPECT_EQ(items[1].score, 3.0f);
}

TEST(NaiveMostSimilar, MatchesAnExampleByHand) {
  FactorMatrix matrix;
  matrix.factors = 2;
  matrix.values = {3.0f, 4.0f, 0.0f, 1.0f};
  matrix.biases = {0.0f, 0.0f};
  const std::vector<ScoredItem> items = NaiveMostSimilar(matrix, {0.0f, 2.0f}, 5, nullptr);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].row, 1u);
  EXPECT_EQ(items[0].score, 1.0f);
  EXPECT_FLOAT_EQ(items[1].score, 0.8f);
}

}  // namespace
}  // namespace ridgeline
