#include "core/catalog/catalog.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

Item TitledItem(const std::string& id, std::vector<std::string> tags = {}, bool available = true) {
  Item item;
  item.id = id;
  item.title = "title of " + id;
  item.tags = std::move(tags);
  item.available = available;
  item.update_time = absl::UnixEpoch();
  return item;
}

class CatalogTest : public testing::Test {
 protected:
  void SetUp() override { Reopen(); }

  void Reopen() {
    catalog_.reset();
    absl::StatusOr<std::unique_ptr<Catalog>> catalog = Catalog::Open(directory_.File("catalog"));
    ASSERT_TRUE(catalog.ok()) << catalog.status();
    catalog_ = *std::move(catalog);
  }

  Bitmap OrdinalsOf(const std::vector<std::string>& ids) {
    const std::vector<std::string> all = catalog_->IdsFromOrdinal(0);
    Bitmap bitmap;
    for (const std::string& id : ids) {
      bitmap.add(static_cast<uint32_t>(std::find(all.begin(), all.end(), id) - all.begin()));
    }
    return bitmap;
  }

  TempDir directory_;
  std::unique_ptr<Catalog> catalog_;
};

TEST_F(CatalogTest, WhatWasUpsertedIsThereAfterReopening) {
  ASSERT_TRUE(catalog_->Upsert({TitledItem("b", {"y", "x", "y"}, false), TitledItem("a")}).ok());
  Reopen();
  EXPECT_EQ(catalog_->size(), 2);
  const absl::StatusOr<Item> item = catalog_->Get("b");
  ASSERT_TRUE(item.ok()) << item.status();
  EXPECT_EQ(item->title, "title of b");
  EXPECT_THAT(item->tags, ElementsAre("x", "y"));
  EXPECT_FALSE(item->available);
  EXPECT_EQ(catalog_->List("", 10).size(), 2u);
}

TEST_F(CatalogTest, AnItemIsTheSameAfterReopening) {
  Item item = TitledItem("a");
  item.update_time = absl::FromUnixNanos(1'700'000'000'123'456'789);
  ASSERT_TRUE(catalog_->Upsert({item}).ok());
  const absl::Time before = catalog_->Get("a")->update_time;
  Reopen();
  EXPECT_EQ(catalog_->Get("a")->update_time, before);
}

TEST_F(CatalogTest, OneBadItemKeepsAllOut) {
  const absl::Status status = catalog_->Upsert({TitledItem("a"), TitledItem("")});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), StartsWith("items[1].id: "));
  EXPECT_EQ(catalog_->size(), 0);
}

TEST_F(CatalogTest, TellsWhichItemsCameSince) {
  ASSERT_TRUE(catalog_->Upsert({TitledItem("b"), TitledItem("a")}).ok());
  EXPECT_THAT(catalog_->IdsFromOrdinal(0), ElementsAre("b", "a"));
  ASSERT_TRUE(catalog_->Upsert({TitledItem("a"), TitledItem("c")}).ok());
  EXPECT_THAT(catalog_->IdsFromOrdinal(2), ElementsAre("c"));
  EXPECT_THAT(catalog_->IdsFromOrdinal(3), ElementsAre());
}

TEST_F(CatalogTest, EveryChangeMakesANewGenerationAndNothingElseDoes) {
  const uint64_t empty = catalog_->generation();
  ASSERT_TRUE(catalog_->Upsert({TitledItem("a", {"x"})}).ok());
  const uint64_t filled = catalog_->generation();
  EXPECT_GT(filled, empty);
  EXPECT_FALSE(catalog_->Upsert({TitledItem("")}).ok());
  EXPECT_FALSE(catalog_->Delete("unknown").ok());
  catalog_->Matching({{"x"}, {}, {}});
  EXPECT_EQ(catalog_->generation(), filled);
  ASSERT_TRUE(catalog_->Delete("a").ok());
  EXPECT_GT(catalog_->generation(), filled);
}

TEST_F(CatalogTest, ADeletedItemStaysDeleted) {
  ASSERT_TRUE(catalog_->Upsert({TitledItem("a", {"x"})}).ok());
  ASSERT_TRUE(catalog_->Delete("a").ok());
  EXPECT_TRUE(catalog_->WithAnyTag({"x"}).isEmpty());
  Reopen();
  EXPECT_EQ(catalog_->Get("a").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(catalog_->Delete("a").code(), absl::StatusCode::kNotFound);
}

TEST_F(CatalogTest, FiltersCombineTags) {
  ASSERT_TRUE(catalog_
                  ->Upsert({TitledItem("1", {"x"}), TitledItem("2", {"x", "y"}), TitledItem("3", {"y", "z"}),
                            TitledItem("4", {}, false)})
                  .ok());
  EXPECT_TRUE(catalog_->Matching({{"x", "z"}, {}, {}}) == OrdinalsOf({"1", "2", "3"}));
  EXPECT_TRUE(catalog_->Matching({{}, {"x", "y"}, {}}) == OrdinalsOf({"2"}));
  EXPECT_TRUE(catalog_->Matching({{"x"}, {"z"}, {}}) == OrdinalsOf({}));
  EXPECT_TRUE(catalog_->Matching({{}, {}, {}}) == OrdinalsOf({"1", "2", "3", "4"}));
  EXPECT_TRUE(catalog_->WithAnyTag({"x", "z"}) == OrdinalsOf({"1", "2", "3"}));
  EXPECT_TRUE(catalog_->Unavailable() == OrdinalsOf({"4"}));
}

TEST_F(CatalogTest, TagsAreInOrderAndNoneWhereUnknown) {
  ASSERT_TRUE(catalog_->Upsert({TitledItem("a", {"y", "x"})}).ok());
  const std::vector<absl::string_view> ids = {"a", "nowhere"};
  EXPECT_THAT(catalog_->Tags(ids), ElementsAre(ElementsAre("x", "y"), ElementsAre()));
}

TEST_F(CatalogTest, TitlesOfUnknownItemsAreEmpty) {
  ASSERT_TRUE(catalog_->Upsert({TitledItem("a")}).ok());
  const std::vector<absl::string_view> ids = {"a", "b"};
  EXPECT_THAT(catalog_->Titles(ids), ElementsAre("title of a", ""));
}

TEST_F(CatalogTest, ASecondOpeningOfTheSameFolderIsRefused) {
  EXPECT_EQ(Catalog::Open(directory_.File("catalog")).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(CatalogTest, ACheckpointHasTheItemsOfItsMoment) {
  ASSERT_TRUE(catalog_->Upsert({TitledItem("a"), TitledItem("b", {"tag"})}).ok());
  ASSERT_TRUE(catalog_->Checkpoint(directory_.File("checkpoint")).ok());
  ASSERT_TRUE(catalog_->Delete("a").ok());
  const auto copy = Catalog::Open(directory_.File("checkpoint")).value();
  EXPECT_EQ(copy->size(), 2);
  EXPECT_EQ(copy->Get("a")->title, "title of a");
  EXPECT_THAT(copy->Get("b")->tags, ElementsAre("tag"));
}

}  // namespace
}  // namespace ridgeline
