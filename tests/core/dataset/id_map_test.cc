#include "core/dataset/id_map.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

TEST(IdMap, StartsEmptyAndFindsNothing) {
  const IdMap map;
  EXPECT_EQ(map.size(), 0u);
  EXPECT_FALSE(map.Find("").has_value());
  EXPECT_FALSE(map.Find("a").has_value());
}

TEST(IdMap, GivesRowsInOrderOfFirstAppearance) {
  IdMap map;
  EXPECT_EQ(map.Add("b"), 0u);
  EXPECT_EQ(map.Add("a"), 1u);
  EXPECT_EQ(map.Add("b"), 0u);
  EXPECT_EQ(map.size(), 2u);
  EXPECT_EQ(map.Id(0), "b");
  EXPECT_EQ(map.Id(1), "a");
}

TEST(IdMap, AgreesWithAStandardMapOverManyRandomIds) {
  Random random(5);
  IdMap map;
  std::map<std::string, uint32_t> oracle;
  for (int n = 0; n < 50000; ++n) {
    const std::string id(1 + random.Below(3), static_cast<char>('a' + random.Below(26)));
    const std::string key = absl::StrCat(id, random.Below(9000));
    const auto [position, added] = oracle.emplace(key, static_cast<uint32_t>(oracle.size()));
    ASSERT_EQ(map.Add(key), position->second);
  }
  ASSERT_EQ(map.size(), oracle.size());
  for (const auto& [id, row] : oracle) {
    EXPECT_EQ(map.Find(id).value(), row);
    EXPECT_EQ(map.Id(row), id);
    EXPECT_FALSE(map.Find(absl::StrCat(id, "#")).has_value());
  }
}

TEST(IdMap, KeepsIdsWithZeroBytesAndPrefixesApart) {
  IdMap map;
  const std::vector<std::string> ids = {"", std::string("\0", 1), std::string("\0\0", 2), "a", "aa"};
  for (const std::string& id : ids) map.Add(id);
  ASSERT_EQ(map.size(), ids.size());
  for (size_t row = 0; row < ids.size(); ++row) EXPECT_EQ(map.Find(ids[row]).value(), row);
}

TEST(IdMap, AddAllAddsWhatIsMissingInTheOthersOrder) {
  Random random(6);
  IdMap map, oracle;
  for (int part = 0; part < 20; ++part) {
    IdMap other;
    for (uint64_t n = random.Below(300); n > 0; --n) other.Add(absl::StrCat("id ", random.Below(2000)));
    const std::vector<uint32_t> rows = map.AddAll(other);
    ASSERT_EQ(rows.size(), other.size());
    for (uint32_t row = 0; row < other.size(); ++row) EXPECT_EQ(rows[row], oracle.Add(other.Id(row)));
  }
  EXPECT_EQ(map.bytes(), oracle.bytes());
}

TEST(IdMap, IsEmptyAfterClearAndTakesIdsAgain) {
  IdMap map;
  for (int n = 0; n < 100; ++n) map.Add(absl::StrCat("old ", n));
  map.Clear();
  EXPECT_EQ(map.size(), 0u);
  EXPECT_FALSE(map.Find("old 1").has_value());
  EXPECT_EQ(map.Add("new"), 0u);
  EXPECT_TRUE(map.HasId(0, "new"));
  EXPECT_FALSE(map.HasId(0, "nex"));
}

TEST(IdMap, FindAllFindsWhatFindDoes) {
  IdMap map;
  for (int n = 0; n < 20'000; n += 2) map.Add(absl::StrCat("item ", n));
  for (const size_t count : {0, 1, 31, 32, 33, 1000}) {
    std::vector<std::string> texts;
    for (size_t i = 0; i < count; ++i) texts.push_back(absl::StrCat("item ", i * 7919 % 20'000));
    const std::vector<absl::string_view> ids(texts.begin(), texts.end());
    std::vector<uint32_t> rows(count);
    map.FindAll(ids, absl::MakeSpan(rows));
    for (size_t i = 0; i < count; ++i) EXPECT_EQ(rows[i], map.Find(ids[i]).value_or(IdMap::kAbsent));
  }
}

TEST(IdMap, FindAllFindsNothingInAnEmptyMap) {
  const std::vector<absl::string_view> ids = {"", "a"};
  std::vector<uint32_t> rows(2);
  IdMap().FindAll(ids, absl::MakeSpan(rows));
  EXPECT_EQ(rows, std::vector<uint32_t>(2, IdMap::kAbsent));
}

TEST(IdMap, FromIdsRefusesAnIdGivenTwice) {
  EXPECT_EQ(IdMap::FromIds({"a", "b"})->size(), 2u);
  EXPECT_EQ(IdMap::FromIds({"a", "b", "a"}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(IdMap, SurvivesItsStoredForm) {
  IdMap map;
  for (int n = 0; n < 1000; ++n) map.Add(absl::StrCat("item ", n));
  const absl::StatusOr<IdMap> restored = IdMap::FromBuffers(map.bytes(), map.Offsets());
  ASSERT_TRUE(restored.ok()) << restored.status();
  ASSERT_EQ(restored->size(), map.size());
  for (uint32_t row = 0; row < map.size(); ++row) EXPECT_EQ(restored->Find(map.Id(row)).value(), row);
}

TEST(IdMap, ARestoredMapGrowsLikeAnyOther) {
  IdMap map = IdMap::FromBuffers("ab", {0, 1, 2}).value();
  for (int n = 0; n < 100; ++n) EXPECT_EQ(map.Add(absl::StrCat(n)), static_cast<uint32_t>(n + 2));
  EXPECT_EQ(map.Add("b"), 1u);
}

TEST(IdMap, FromBuffersRefusesOffsetsThatDoNotFitOrEqualIds) {
  const std::vector<std::vector<uint64_t>> bad = {
      {}, {1, 2}, {0, 1}, {0, 3}, {0, 2, 1, 2}, {0, UINT64_MAX, 2}, {0, 1, 2, 2, 2}};
  for (const std::vector<uint64_t>& offsets : bad) {
    EXPECT_EQ(IdMap::FromBuffers("ab", offsets).status().code(), absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(IdMap::FromBuffers("aa", {0, 1, 2}).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(IdMap::FromBuffers("", {0})->size(), 0u);
}

}  // namespace
}  // namespace ridgeline
