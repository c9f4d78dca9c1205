#include "core/catalog/item.h"

#include <string>

#include "core/interactions/interaction.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

Item Film() {
  Item item;
  item.id = "1";
  item.title = "Toy Story (1995)";
  item.tags = {"Comedy"};
  return item;
}

// The message of the error that `item` must have.
std::string ErrorOf(const Item& item) {
  const absl::Status status = ValidateItem(item);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  return std::string(status.message());
}

TEST(Item, AnOrdinaryOneIsValid) {
  EXPECT_TRUE(ValidateItem(Film()).ok());
}

TEST(Item, EachBadFieldIsNamed) {
  Item item = Film();
  item.id.clear();
  EXPECT_THAT(ErrorOf(item), StartsWith("id: "));
  item = Film();
  item.title = std::string(kMaxTitleBytes + 1, 'x');
  EXPECT_THAT(ErrorOf(item), StartsWith("title: "));
  item.title = "\xff";
  EXPECT_THAT(ErrorOf(item), StartsWith("title: "));
  item = Film();
  item.tags = {"Comedy", std::string(kMaxIdBytes + 1, 'x')};
  EXPECT_THAT(ErrorOf(item), StartsWith("tags[1]: "));
  item.tags.assign(kMaxTags + 1, "x");
  EXPECT_THAT(ErrorOf(item), StartsWith("tags: "));
  item = Film();
  item.attributes["poster"] = std::string(kMaxAttributeBytes, 'x');
  EXPECT_THAT(ErrorOf(item), StartsWith("attributes: "));
  item.attributes["poster"] = "\xff";
  EXPECT_THAT(ErrorOf(item), StartsWith("attributes[poster]: "));
}

TEST(Item, SortTagsLeavesEachTagOnce) {
  Item item = Film();
  item.tags = {"b", "a", "b"};
  SortTags(&item);
  EXPECT_THAT(item.tags, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace ridgeline
