#include "core/serving/tag_caps.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/serving/serving_world.h"

namespace ridgeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(TagCounter, CountsOnlyTagsThatHaveACap) {
  TagCounter counter({{"drama", false, 2}});
  EXPECT_TRUE(counter.Take({"comedy", "drama"}));
  EXPECT_THAT(counter.TakeFull(), IsEmpty());
  EXPECT_TRUE(counter.Take({"drama"}));
  EXPECT_THAT(counter.TakeFull(), ElementsAre("drama"));
  EXPECT_FALSE(counter.Take({"comedy", "drama"}));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(counter.Take({"comedy"}));
  EXPECT_TRUE(counter.Take({}));
}

TEST(TagCounter, AnItemTurnedDownDoesNotCount) {
  TagCounter counter({{"a", false, 1}, {"b", false, 1}});
  EXPECT_TRUE(counter.Take({"a"}));
  EXPECT_FALSE(counter.Take({"a", "b"}));
  EXPECT_FALSE(counter.Take({"b", "a"}));
  EXPECT_TRUE(counter.Take({"b"}));
}

TEST(TagCounter, ATagHasTheCapThatNamesItElseThatOfItsLongestPrefix) {
  TagCounter counter({{"", true, 1}, {"genre:", true, 2}, {"genre:drama", false, 3}});
  for (const auto& [tag, cap] :
       std::map<std::string, int>{{"new", 1}, {"genre:comedy", 2}, {"genre:war", 2}, {"genre:drama", 3}}) {
    for (int i = 0; i < cap; ++i) EXPECT_TRUE(counter.Take({tag})) << tag;
    EXPECT_FALSE(counter.Take({tag})) << tag;
  }
}

// 300 items with random tags, some without any.
class TagCapsTest : public testing::Test, protected ServingWorld {
 protected:
  static constexpr size_t kItems = 300;

  TagCapsTest() {
    Random random(7);
    for (size_t i = 0; i < kItems; ++i) {
      std::set<std::string> tags;
      while (random.Uniform() < 0.6) tags.insert(absl::StrCat("genre:", random.Below(8)));
      if (random.Uniform() < 0.9) tags.insert("common");
      catalog.Put(absl::StrCat("i", i), "", {tags.begin(), tags.end()});
    }
    Serve({.items = kItems});
  }

  std::vector<std::string> Recommend(const RecommendQuery& query) {
    return IdsOf(recommender.Recommend(query).value().recommendations);
  }

  // The walk by its definition, over the whole ranking of `query`.
  std::vector<std::string> NaiveWalk(RecommendQuery query) {
    const std::vector<TagCap> caps = std::exchange(query.tag_caps, {});
    query.k = kItems;
    std::map<std::string, int64_t> counts;
    std::vector<std::string> walked;
    for (const std::string& id : Recommend(query)) {
      const std::vector<std::string> tags = catalog.Get(id)->tags;
      const auto is_full = [&](const std::string& tag) { return counts[tag] >= NaiveCap(caps, tag); };
      if (std::any_of(tags.begin(), tags.end(), is_full)) continue;
      for (const std::string& tag : tags) ++counts[tag];
      walked.push_back(id);
    }
    return walked;
  }

  static int64_t NaiveCap(const std::vector<TagCap>& caps, const std::string& tag) {
    int64_t cap = kItems + 1;
    size_t longest = 0;
    for (const TagCap& candidate : caps) {
      if (!candidate.is_prefix && candidate.tag == tag) return candidate.max_count;
      if (!candidate.is_prefix || !absl::StartsWith(tag, candidate.tag)) continue;
      if (candidate.tag.size() >= longest) cap = candidate.max_count;
      longest = std::max(longest, candidate.tag.size());
    }
    return cap;
  }

  // Queries of every kind that ranks by score, under caps from tight to loose.
  std::vector<RecommendQuery> Queries() {
    std::vector<RecommendQuery> queries;
    const std::vector<std::vector<TagCap>> all_caps = {
        {{"common", false, 1}},
        {{"", true, 1}},
        {{"genre:", true, 3}},
        {{"genre:", true, 2}, {"genre:4", false, 9}, {"common", false, 12}},
        {{"absent", false, 1}}};
    for (const std::vector<TagCap>& caps : all_caps) {
      for (int kind = 0; kind < 5; ++kind) {
        RecommendQuery query = QueryOf(kind == 1 ? "stranger" : "u0");
        if (kind == 2) query.selection.tags.none = {"genre:1"};
        if (kind == 3) query.boosts = {{"genre:2", "", 1.0f, 2.0f}};
        if (kind == 4) query.minimum_score = 0.5f;
        query.tag_caps = caps;
        queries.push_back(query);
      }
    }
    return queries;
  }
};

TEST_F(TagCapsTest, AnswersAreTheGreedyWalkDownTheWholeRanking) {
  for (RecommendQuery query : Queries()) {
    const std::vector<std::string> walked = NaiveWalk(query);
    for (const size_t k : {1, 3, 10, 40, 300}) {
      query.k = static_cast<int64_t>(k);
      const std::vector<std::string> expected(walked.begin(), walked.begin() + std::min(k, walked.size()));
      EXPECT_EQ(Recommend(query), expected) << k;
    }
  }
}

TEST_F(TagCapsTest, PagesTogetherAreTheGreedyWalk) {
  for (RecommendQuery query : Queries()) {
    const std::vector<std::string> walked = NaiveWalk(query);
    query.k = 7;
    std::vector<std::string> paged;
    do {
      const RecommendResult page = recommender.Recommend(query).value();
      for (const Recommendation& item : page.recommendations) {
        paged.push_back(item.item_id);
        EXPECT_EQ(item.rank, static_cast<int64_t>(paged.size()));
      }
      query.page_token = page.next_page_token;
    } while (!query.page_token.empty());
    EXPECT_EQ(paged, walked);
  }
}

TEST_F(TagCapsTest, AFullTagIsNotWalkedThroughItemByItem) {
  const auto snapshot = snapshots.Get();
  const ItemFilter filter(snapshot->items());
  const UserVector user = snapshot->model().User(0);
  RetrievalQuery retrieval;
  retrieval.vector = user.factors;
  retrieval.filter = &filter;
  int pieces = 0;
  const auto retrieve = [&](const RetrievalQuery& query) {
    ++pieces;
    return snapshot->index().TopK(query);
  };
  // Nine tenths of the items carry the tag; what is left fits one more piece.
  const std::vector<ScoredItem> items =
      WalkUnderTagCaps({{"common", false, 1}}, *snapshot, catalog, retrieval, {.k = 20}, retrieve);
  EXPECT_THAT(items, SizeIs(20));
  EXPECT_LE(pieces, 2);
}

TEST_F(TagCapsTest, CapsGoBeforeTheEndOfTheList) {
  RecommendQuery query = QueryOf("u0", 300);
  query.tag_caps = {{"common", false, 2}};
  const RecommendResult result = recommender.Recommend(query).value();
  EXPECT_THAT(result.recommendations, SizeIs(NaiveWalk(query).size()));
  EXPECT_TRUE(result.next_page_token.empty());
}

}  // namespace
}  // namespace ridgeline
