#include "server/catalog_service.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/server/world.h"

namespace ridgeline {
namespace {

class CatalogServiceTest : public testing::Test {
 protected:
  absl::StatusOr<v1::UpsertItemsResponse> Upsert(const std::vector<std::string>& ids,
                                                 const std::string& tag = "t") {
    v1::UpsertItemsRequest request;
    for (const std::string& id : ids) {
      v1::Item* item = request.add_items();
      item->set_id(id);
      item->set_title(absl::StrCat("Title ", id));
      item->add_tags(tag);
    }
    return service_.UpsertItems(request, CallInfo());
  }

  // The ids of all pages.
  std::vector<std::string> ListAll(v1::ListItemsRequest request) {
    std::vector<std::string> ids;
    do {
      const auto page = service_.ListItems(request, CallInfo());
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      EXPECT_LE(page->items_size(), request.page_size());
      for (const v1::Item& item : page->items()) ids.push_back(item.id());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  World world_;
  CatalogService service_{world_.stores.catalog.get(), &world_.clock};
};

TEST_F(CatalogServiceTest, ReturnsWhatWasUpserted) {
  ASSERT_TRUE(Upsert({"a"}).ok());
  v1::GetItemRequest request;
  request.set_item_id("a");
  const auto item = service_.GetItem(request, CallInfo());
  ASSERT_TRUE(item.ok()) << item.status();
  EXPECT_EQ(item->title(), "Title a");
  EXPECT_TRUE(item->available());
  EXPECT_EQ(item->update_time().seconds(), 1'700'000'000);
}

TEST_F(CatalogServiceTest, CountsDifferentItems) {
  const auto response = Upsert({"a", "b", "a"});
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->upserted_count(), 2);
}

TEST_F(CatalogServiceTest, AWrongItemChangesNothing) {
  EXPECT_TRUE(absl::IsInvalidArgument(Upsert({"a", ""}).status()));
  EXPECT_EQ(world_.stores.catalog->size(), 0);
}

TEST_F(CatalogServiceTest, PagesThroughItemsInOrderOfTheirIds) {
  std::vector<std::string> expected;
  for (int i = 1'000; i < 2'500; ++i) expected.push_back(absl::StrCat(i));
  ASSERT_TRUE(Upsert({expected.rbegin(), expected.rend()}).ok());
  for (const int page_size : {1, 64, 512, 1'499, 1'500, 2'000}) {
    v1::ListItemsRequest request;
    request.set_page_size(page_size);
    EXPECT_EQ(ListAll(request), expected) << page_size;
  }
}

TEST_F(CatalogServiceTest, ListsOnlyItemsThatMatch) {
  ASSERT_TRUE(Upsert({"a", "c", "e"}, "odd").ok());
  ASSERT_TRUE(Upsert({"b", "d"}, "even").ok());
  v1::ListItemsRequest request;
  request.set_page_size(2);
  request.mutable_tags()->add_any("odd");
  EXPECT_EQ(ListAll(request), (std::vector<std::string>{"a", "c", "e"}));
  request.mutable_tags()->set_any(0, "neither");
  EXPECT_TRUE(ListAll(request).empty());
}

TEST_F(CatalogServiceTest, EndsAPageBeforeItIsTooLargeForAClient) {
  v1::UpsertItemsRequest upsert;
  for (int i = 0; i < 400; ++i) {
    v1::Item* item = upsert.add_items();
    item->set_id(absl::StrCat("item", 1000 + i));
    (*item->mutable_attributes())["text"] = std::string(16'000, 'x');
  }
  ASSERT_TRUE(service_.UpsertItems(upsert, CallInfo()).ok());
  v1::ListItemsRequest request;
  request.set_page_size(400);
  const auto page = service_.ListItems(request, CallInfo());
  ASSERT_TRUE(page.ok());
  EXPECT_LT(page->ByteSizeLong(), 4u << 20);
  EXPECT_FALSE(page->next_page_token().empty());
  EXPECT_EQ(ListAll(request).size(), 400u);
}

TEST_F(CatalogServiceTest, RefusesWrongRequests) {
  v1::ListItemsRequest list;
  list.set_page_size(-1);
  EXPECT_TRUE(absl::IsInvalidArgument(service_.ListItems(list, CallInfo()).status()));
  list.set_page_size(1);
  list.set_page_token("forged");
  EXPECT_TRUE(absl::IsInvalidArgument(service_.ListItems(list, CallInfo()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(service_.GetItem(v1::GetItemRequest(), CallInfo()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(service_.DeleteItem(v1::DeleteItemRequest(), CallInfo()).status()));
}

TEST_F(CatalogServiceTest, DeletedItemsAreGone) {
  ASSERT_TRUE(Upsert({"a"}).ok());
  v1::DeleteItemRequest request;
  request.set_item_id("a");
  EXPECT_TRUE(service_.DeleteItem(request, CallInfo()).ok());
  EXPECT_TRUE(absl::IsNotFound(service_.DeleteItem(request, CallInfo()).status()));
  v1::GetItemRequest get;
  get.set_item_id("a");
  EXPECT_TRUE(absl::IsNotFound(service_.GetItem(get, CallInfo()).status()));
}

}  // namespace
}  // namespace ridgeline
