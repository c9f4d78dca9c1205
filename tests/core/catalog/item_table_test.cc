#include "core/catalog/item_table.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;

Item MakeItem(const std::string& id, std::vector<std::string> tags, bool available = true) {
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
  for (const char* id : {"b", "a", "c"}) table.Put(MakeItem(id, {}));
  EXPECT_THAT(Ids(table.List("", 10)), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Ids(table.List("a", 1)), ElementsAre("b"));
  EXPECT_THAT(Ids(table.List("c", 10)), ElementsAre());
}

TEST(ItemTable, AnOrdinalIsNeverGivenTwice) {
  ItemTable table;
  const uint32_t a = table.Ordinal("a");
  table.Put(MakeItem("b", {}));
  EXPECT_NE(table.Ordinal("b"), a);
  table.Put(MakeItem("a", {}));
  table.Erase("a");
  EXPECT_EQ(table.Ordinal("a"), a);
  EXPECT_NE(table.Ordinal("c"), a);
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
    const Item item = MakeItem(id, {chosen.begin(), chosen.end()}, random.Below(2) == 0);
    table.Put(item);
    items[id] = item;
  }
  ASSERT_EQ(table.size(), items.size());
  Bitmap all, unavailable;
  std::map<std::string, Bitmap> by_tag;
  for (const auto& [id, item] : items) {
    all.add(table.Ordinal(id));
    if (!item.available) unavailable.add(table.Ordinal(id));
    for (const std::string& tag : item.tags) by_tag[tag].add(table.Ordinal(id));
  }
  EXPECT_TRUE(table.all() == all);
  EXPECT_TRUE(table.unavailable() == unavailable);
  for (const std::string& tag : tags) EXPECT_TRUE(table.WithTag(tag) == by_tag[tag]) << tag;
  EXPECT_TRUE(table.WithTag("no such tag").isEmpty());
}

}  // namespace
}  // namespace ridgeline
