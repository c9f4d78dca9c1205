#include "core/dataset/tag_matrix.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TagMatrixBuilder, HasTheTagsThatTwoTeachingItemsCarryInTheOrderOfTheirNames) {
  TagMatrixBuilder builder;
  builder.Add(0, {"western", "drama", "seldom"});
  builder.Add(1, {"drama", "western"});
  builder.Add(2, {"drama", "fresh"});
  builder.Add(3, {"fresh"});
  const CsrMatrix tags = builder.Build({true, true, false, false}, 10);
  EXPECT_EQ(tags.rows, 4u);
  EXPECT_EQ(tags.columns, 2u) << "drama, western";
  EXPECT_THAT(tags.RowColumns(0), ElementsAre(0, 1));
  EXPECT_THAT(tags.RowColumns(1), ElementsAre(0, 1));
  EXPECT_THAT(tags.RowColumns(2), ElementsAre(0));
  EXPECT_THAT(tags.RowColumns(3), IsEmpty());
  EXPECT_THAT(tags.values, ElementsAre(1, 1, 1, 1, 1));
}

TEST(TagMatrixBuilder, CountsATagOfAnItemOnce) {
  TagMatrixBuilder builder;
  builder.Add(0, {"a", "a"});
  builder.Add(0, {"a"});
  EXPECT_EQ(builder.Build({true, true}, 10).columns, 0u);
}

TEST(TagMatrixBuilder, IsEmptyAfterBuilding) {
  TagMatrixBuilder builder;
  builder.Add(0, {"a"});
  builder.Add(1, {"a"});
  EXPECT_EQ(builder.Build({true, true}, 10).columns, 1u);
  EXPECT_EQ(builder.Build({true, true}, 10).columns, 0u);
}

// The tags of each row by sets, in any order of adding.
TEST(TagMatrixBuilder, EqualsSetsOfNames) {
  constexpr uint32_t kItems = 40;
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Random random(seed);
    TagMatrixBuilder builder;
    std::vector<bool> teaches(kItems);
    std::map<std::string, std::set<uint32_t>> carriers;
    for (uint32_t item = 0; item < kItems; ++item) teaches[item] = random.Uniform() < 0.5;
    for (int i = 0; i < 200; ++i) {
      const auto row = static_cast<uint32_t>(random.Below(kItems));
      const std::string tag = absl::StrCat("tag", random.Below(random.Below(30) + 1));
      builder.Add(row, {tag});
      carriers[tag].insert(row);
    }
    const auto teachers = [&](const std::string& tag) {
      return std::count_if(carriers[tag].begin(), carriers[tag].end(),
                           [&](uint32_t row) -> bool { return teaches[row]; });
    };
    std::vector<std::string> kept;
    for (const auto& [tag, rows] : carriers) {
      if (teachers(tag) >= 2) kept.push_back(tag);
    }
    std::stable_sort(kept.begin(), kept.end(),
                     [&](const auto& a, const auto& b) { return teachers(a) > teachers(b); });
    if (kept.size() > 7) kept.resize(7);
    std::sort(kept.begin(), kept.end());
    const CsrMatrix tags = builder.Build(teaches, 7);
    ASSERT_EQ(tags.columns, kept.size());
    for (uint32_t row = 0; row < kItems; ++row) {
      std::vector<uint32_t> expected;
      for (uint32_t column = 0; column < kept.size(); ++column) {
        if (carriers[kept[column]].count(row) > 0) expected.push_back(column);
      }
      EXPECT_THAT(tags.RowColumns(row), testing::ElementsAreArray(expected));
    }
  }
}

}  // namespace
}  // namespace ridgeline
