#include "core/catalog/item_table.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;

Item TaggedItem(const std::string& id, std::vector<std::string> tags, bool available = true) {
  Item item;
  item.id = id;
  item.tags = std::move(tags);
  item.available = available;
  return item;
}

std::vector<std::string> Ids(const std::vector<Item>& items) {
  std::vector<std::string> ids;
  for (const Item& item : items) ids.push_back(item.id);
  return ids;
}

TEST(ItemTable, ListsInTheOrderOfIdsAfterACursor) {
  ItemTable table;
  for (const char* id : {"b", "a", "c"}) table.Put(TaggedItem(id, {}));
  EXPECT_THAT(Ids(table.List("", 10)), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Ids(table.List("a", 1)), ElementsAre("b"));
  EXPECT_THAT(Ids(table.List("c", 10)), ElementsAre());
}

// The ordinal of an id that was in the table.
uint32_t OrdinalOf(const ItemTable& table, const std::string& id) {
  const std::vector<std::string> ids = table.IdsFrom(0);
  return static_cast<uint32_t>(std::find(ids.begin(), ids.end(), id) - ids.begin());
}

TEST(ItemTable, AnOrdinalIsNeverGivenTwice) {
  ItemTable table;
  for (const char* id : {"a", "b", "a"}) table.Put(TaggedItem(id, {}));
  EXPECT_THAT(table.IdsFrom(0), ElementsAre("a", "b"));
  table.Erase("a");
  table.Put(TaggedItem("c", {}));
  table.Put(TaggedItem("a", {}));
  EXPECT_THAT(table.IdsFrom(0), ElementsAre("a", "b", "c"));
  EXPECT_THAT(table.IdsFrom(2), ElementsAre("c"));
  EXPECT_THAT(table.IdsFrom(7), ElementsAre());
}

TEST(ItemTable, KeepsItsOrdinalsWhenMoved) {
  ItemTable table;
  table.Put(TaggedItem("a", {"x"}));
  ItemTable moved = std::move(table);
  moved.Put(TaggedItem("a", {"y"}));
  EXPECT_THAT(moved.IdsFrom(0), ElementsAre("a"));
  EXPECT_TRUE(moved.WithTag("x").isEmpty());
}

// After any sequence of changes the bitmaps say what looking at every item says.
TEST(ItemTable, BitmapsAgreeWithTheItemsAfterRandomChanges) {
  const std::vector<std::string> tags = {"a", "b", "c"};
  Random random(7);
  ItemTable table;
  std::map<std::string, Item> items;
  for (int step = 0; step < 2000; ++step) {
    const std::string id = absl::StrCat(random.Below(40));
    if (random.Below(3) == 0) {
      table.Erase(id);
      items.erase(id);
      continue;
    }
    std::set<std::string> chosen;
    for (uint64_t left = random.Below(3); left > 0; --left) chosen.insert(tags[random.Below(tags.size())]);
    const Item item = TaggedItem(id, {chosen.begin(), chosen.end()}, random.Below(2) == 0);
    table.Put(item);
    items[id] = item;
  }
  ASSERT_EQ(table.size(), items.size());
  Bitmap all, unavailable;
  std::map<std::string, Bitmap> by_tag;
  for (const auto& [id, item] : items) {
    all.add(OrdinalOf(table, id));
    if (!item.available) unavailable.add(OrdinalOf(table, id));
    for (const std::string& tag : item.tags) by_tag[tag].add(OrdinalOf(table, id));
  }
  EXPECT_TRUE(table.all() == all);
  EXPECT_TRUE(table.unavailable() == unavailable);
  for (const std::string& tag : tags) EXPECT_TRUE(table.WithTag(tag) == by_tag[tag]) << tag;
  EXPECT_TRUE(table.WithTag("no such tag").isEmpty());
}

}  // namespace
}  // namespace ridgeline
