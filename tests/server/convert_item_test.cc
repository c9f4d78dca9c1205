#include "server/convert_item.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ItemMessages = google::protobuf::RepeatedPtrField<v1::Item>;

const absl::Time kUpdated = absl::FromUnixSeconds(1'700'000'000);

TEST(ConvertItem, ItemsAreAvailableUnlessSaidOtherwise) {
  ItemMessages messages;
  messages.Add()->set_id("a");
  messages.Add()->set_id("b");
  messages.Mutable(1)->set_available(false);
  const auto items = ItemsFromProto(messages, kUpdated);
  ASSERT_TRUE(items.ok()) << items.status();
  EXPECT_TRUE((*items)[0].available);
  EXPECT_FALSE((*items)[1].available);
  EXPECT_EQ((*items)[0].update_time, kUpdated);
}

TEST(ConvertItem, KeepsEveryField) {
  Item item;
  item.id = "id";
  item.title = "A title";
  item.tags = {"blue", "red"};
  item.available = false;
  item.attributes = {{"year", "1998"}};
  item.update_time = kUpdated;
  ItemMessages messages;
  *messages.Add() = ToProto(item);
  const Item back = ItemsFromProto(messages, kUpdated).value().front();
  EXPECT_EQ(back.id, item.id);
  EXPECT_EQ(back.title, item.title);
  EXPECT_EQ(back.tags, item.tags);
  EXPECT_EQ(back.available, item.available);
  EXPECT_EQ(back.attributes, item.attributes);
  EXPECT_EQ(messages[0].update_time().seconds(), 1'700'000'000);
}

TEST(ConvertItem, NamesTheWrongItem) {
  ItemMessages messages;
  EXPECT_EQ(ItemsFromProto(messages, kUpdated).status().message().substr(0, 6), "items:");
  messages.Add()->set_id("a");
  messages.Add();
  EXPECT_EQ(ItemsFromProto(messages, kUpdated).status().message().substr(0, 12), "items[1].id:");
  messages.Mutable(1)->set_id("b");
  messages.Mutable(1)->set_title(std::string(1025, 't'));
  EXPECT_EQ(ItemsFromProto(messages, kUpdated).status().message().substr(0, 15), "items[1].title:");
}

TEST(ConvertItem, FiltersByAnyAllAndNone) {
  Item item;
  item.tags = {"a", "b"};
  const struct {
    TagFilter filter;
    bool matches;
  } cases[] = {
      {{}, true},
      {{{"a", "z"}, {}, {}}, true},
      {{{"y", "z"}, {}, {}}, false},
      {{{}, {"a", "b"}, {}}, true},
      {{{}, {"a", "z"}, {}}, false},
      {{{}, {}, {"z"}}, true},
      {{{}, {}, {"z", "b"}}, false},
      {{{"a"}, {"b"}, {"z"}}, true},
  };
  for (const auto& [filter, matches] : cases) EXPECT_EQ(Matches(filter, item), matches);
}

TEST(ConvertItem, ChecksTheTagsOfAFilter) {
  v1::TagFilter filter;
  filter.add_all("fine");
  EXPECT_TRUE(CheckTagFilter("tags", filter).ok());
  filter.add_all("");
  EXPECT_EQ(CheckTagFilter("tags", filter).message().substr(0, 12), "tags.all[1]:");
  v1::TagFilter large;
  for (int i = 0; i < 1001; ++i) large.add_none("x");
  EXPECT_EQ(CheckTagFilter("tags", large).message().substr(0, 10), "tags.none:");
}

}  // namespace
}  // namespace ridgeline
