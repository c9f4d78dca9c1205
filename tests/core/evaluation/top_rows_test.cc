#include "core/evaluation/top_rows.h"

#include <algorithm>

#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<uint32_t> Top(const std::vector<float>& scores, int k) {
  std::vector<uint32_t> top = {7, 7};
  TopRows(scores, k, &top);
  return top;
}

std::vector<uint32_t> NaiveTop(const std::vector<float>& scores, size_t k) {
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < scores.size(); ++row) {
    if (scores[row] != kExcluded) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) { return scores[a] > scores[b]; });
  rows.resize(std::min(k, rows.size()));
  return rows;
}

TEST(TopRows, BestComeFirstAndTiesGoByRow) {
  EXPECT_THAT(Top({1, 3, 2, 3}, 3), ElementsAre(1, 3, 2));
  EXPECT_THAT(Top({0, 0, 0}, 2), ElementsAre(0, 1));
}

TEST(TopRows, ExcludedRowsAreNeverAnswered) {
  EXPECT_THAT(Top({kExcluded, -5, kExcluded}, 2), ElementsAre(1));
  EXPECT_THAT(Top({kExcluded}, 2), IsEmpty());
  EXPECT_THAT(Top({}, 2), IsEmpty());
}

TEST(TopRows, EqualsSortingAll) {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<float> scores(random.Below(60));
    // Few distinct values make many ties.
    for (float& score : scores)
      score = random.Uniform() < 0.1 ? kExcluded : static_cast<float>(random.Below(8));
    const int k = 1 + static_cast<int>(random.Below(70));
    EXPECT_EQ(Top(scores, k), NaiveTop(scores, static_cast<size_t>(k)));
  }
}

}  // namespace
}  // namespace ridgeline
