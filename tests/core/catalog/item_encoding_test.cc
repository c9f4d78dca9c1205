#include "core/catalog/item_encoding.h"

#include <string>

#include "gtest/gtest.h"

namespace ridgeline {
namespace {

Item SmallItem() {
  Item item;
  item.id = "x";
  item.title = "X";
  item.tags = {"a"};
  item.update_time = absl::FromUnixSeconds(1);
  return item;
}

TEST(ItemEncoding, WritesTheBytesOfTheWorkedExample) {
  using std::string_literals::operator""s;
  EXPECT_EQ(ItemKey("x"), "ix");
  EXPECT_EQ(EncodeItem(SmallItem()),
            "\x01\0\0\0\x40\x42\x0f\0\0\0\0\0\x01\0\0\0X\x01\0\0\0\x01\0\0\0a\0\0\0\0"s);
}

TEST(ItemEncoding, EveryFieldComesBack) {
  Item item = SmallItem();
  item.available = false;
  item.tags = {"a", "b"};
  item.attributes = {{"year", "1995"}, {"empty", ""}};
  item.update_time = absl::FromUnixMicros(-5);
  const absl::StatusOr<Item> read = DecodeItem(ItemKey(item.id), EncodeItem(item));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->id, item.id);
  EXPECT_EQ(read->title, item.title);
  EXPECT_EQ(read->tags, item.tags);
  EXPECT_FALSE(read->available);
  EXPECT_EQ(read->attributes, item.attributes);
  EXPECT_EQ(read->update_time, item.update_time);
}

TEST(ItemEncoding, EveryTruncationIsDataLoss) {
  Item item = SmallItem();
  item.attributes = {{"year", "1995"}};
  const std::string bytes = EncodeItem(item);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeItem("ix", bytes.substr(0, size)).status().code(), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_EQ(DecodeItem("ix", bytes + "x").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeItem("hx", bytes).status().code(), absl::StatusCode::kDataLoss);
}

TEST(ItemEncoding, ACountBeyondTheBytesIsDataLossAndTakesNoMemory) {
  std::string bytes = EncodeItem(SmallItem());
  bytes.replace(17, 4, "\xff\xff\xff\xff");  // the number of tags
  EXPECT_EQ(DecodeItem("ix", bytes).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace ridgeline
