#include "core/retrieval/cosine_index.h"

#include <limits>

#include "core/retrieval/naive_scan.h"
#include "gtest/gtest.h"
#include "tests/core/retrieval/random_model.h"

namespace ridgeline {
namespace {

// An index with the codes that it needs.
struct OwnedIndex {
  explicit OwnedIndex(const FactorMatrix& matrix)
      : quantized(matrix, 1.0f, nullptr), index(&matrix, &quantized) {}

  std::vector<ScoredItem> MostSimilar(absl::Span<const float> vector, int k, const ItemFilter* filter) const {
    return index.MostSimilar(vector, k, filter);
  }

  QuantizedMatrix quantized;
  CosineIndex index;
};

TEST(CosineIndex, AgreesWithTheNaiveCosine) {
  Random random(3);
  for (Numbers numbers : {Numbers::kNormal, Numbers::kCoarse}) {
    const FactorMatrix matrix = RandomMatrix(random, 700, 9, numbers);
    const OwnedIndex index(matrix);
    const std::vector<float> vector = RandomVector(random, 9, Numbers::kNormal);
    const std::vector<ScoredItem> fast = index.MostSimilar(vector, 20, nullptr);
    const std::vector<ScoredItem> naive = NaiveMostSimilar(matrix, vector, 20, nullptr);
    ASSERT_EQ(fast.size(), naive.size());
    for (size_t i = 0; i < fast.size(); ++i) EXPECT_NEAR(fast[i].score, naive[i].score, 1e-6f);
  }
}

TEST(CosineIndex, FindsARowAsItsOwnNearest) {
  Random random(4);
  const FactorMatrix matrix = RandomMatrix(random, 200, 6, Numbers::kNormal);
  const OwnedIndex index(matrix);
  for (uint32_t row = 0; row < 200; ++row) {
    const ScoredItem nearest = index.MostSimilar(matrix.Row(row), 1, nullptr).front();
    EXPECT_EQ(nearest.row, row);
    EXPECT_NEAR(nearest.score, 1.0f, 1e-6f);
    EXPECT_LE(nearest.score, 1.0f);
  }
}

TEST(CosineIndex, ScoresZeroRowsAndZeroVectorsZero) {
  FactorMatrix matrix;
  matrix.factors = 2;
  matrix.values = {1.0f, 0.0f, 0.0f, 0.0f, -1.0f, 0.0f};
  matrix.biases = {0.0f, 0.0f, 0.0f};
  const OwnedIndex index(matrix);
  const std::vector<ScoredItem> near = index.MostSimilar({2.0f, 0.0f}, 3, nullptr);
  EXPECT_EQ(near[0].score, 1.0f);
  EXPECT_EQ(near[1].row, 1u);
  EXPECT_EQ(near[1].score, 0.0f);
  EXPECT_EQ(near[2].score, -1.0f);
  for (const ScoredItem& item : index.MostSimilar({0.0f, 0.0f}, 3, nullptr)) EXPECT_EQ(item.score, 0.0f);
}

TEST(CosineIndex, LengthDoesNotMatter) {
  Random random(5);
  const FactorMatrix matrix = RandomMatrix(random, 100, 5, Numbers::kNormal);
  const OwnedIndex index(matrix);
  const std::vector<float> vector = RandomVector(random, 5, Numbers::kNormal);
  std::vector<float> longer = vector;
  for (float& value : longer) value *= 1024.0f;
  const auto near = index.MostSimilar(vector, 10, nullptr);
  const auto same = index.MostSimilar(longer, 10, nullptr);
  for (size_t i = 0; i < near.size(); ++i) EXPECT_EQ(near[i].row, same[i].row);
}

TEST(CosineIndex, KeepsToTheFilter) {
  Random random(6);
  const FactorMatrix matrix = RandomMatrix(random, 100, 5, Numbers::kNormal);
  const ItemFilter filter = ItemFilter::Only(100, {5, 50});
  const auto near = OwnedIndex(matrix).MostSimilar(matrix.Row(0), 10, &filter);
  ASSERT_EQ(near.size(), 2u);
  EXPECT_EQ(near[0].row + near[1].row, 55u);
}

TEST(InverseNorm, IsZeroWhereThereIsNone) {
  EXPECT_EQ(InverseNorm({}), 0.0f);
  EXPECT_EQ(InverseNorm({0.0f, 0.0f}), 0.0f);
  EXPECT_EQ(InverseNorm({1e-45f}), 0.0f);
  EXPECT_EQ(InverseNorm({3.0f, 4.0f}), 0.2f);
  EXPECT_GT(InverseNorm({std::numeric_limits<float>::max(), std::numeric_limits<float>::max()}), 0.0f);
}

}  // namespace
}  // namespace ridgeline
