#include "server/catalog_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"
#include "server/convert_item.h"
#include "server/page_token.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

constexpr char kItemList[] = "items";

int64_t CountDifferent(const std::vector<Item>& items) {
  absl::flat_hash_set<absl::string_view> ids;
  for (const Item& item : items) ids.insert(item.id);
  return static_cast<int64_t>(ids.size());
}

// Items that are copied at a time. Meanwhile the catalogue has no time for others, answers among them; and
// with few at a time a filter that matches nothing takes long.
constexpr size_t kFewestListed = 64;
constexpr size_t kMostListed = 512;

// Gathers a page item by item.
class ItemPage {
 public:
  explicit ItemPage(int64_t page_size) : page_size_(page_size) {}

  // Adds `item` and returns true, or ends the page before it.
  bool Add(const Item& item) {
    v1::Item message = ToProto(item);
    const size_t size = message.ByteSizeLong();
    const bool full =
        response_.items_size() > 0 && (response_.items_size() >= page_size_ || bytes_ + size > kMaxPageBytes);
    if (full) {
      response_.set_next_page_token(EncodePageToken(kItemList, response_.items().rbegin()->id()));
      return false;
    }
    bytes_ += size;
    *response_.add_items() = std::move(message);
    return true;
  }

  v1::ListItemsResponse Take() { return std::move(response_); }

 private:
  const int64_t page_size_;
  size_t bytes_ = 0;
  v1::ListItemsResponse response_;
};

}  // namespace

absl::StatusOr<v1::UpsertItemsResponse> CatalogService::UpsertItems(const v1::UpsertItemsRequest& request,
                                                                    const CallInfo& /*call*/) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::vector<Item> items, ItemsFromProto(request.items(), clock_->Now()));
  RIDGELINE_RETURN_IF_ERROR(catalog_->Upsert(items));
  v1::UpsertItemsResponse response;
  response.set_upserted_count(CountDifferent(items));
  return response;
}

absl::StatusOr<v1::Item> CatalogService::GetItem(const v1::GetItemRequest& request,
                                                 const CallInfo& /*call*/) {
  RIDGELINE_RETURN_IF_ERROR(ValidateId("item_id", request.item_id()));
  RIDGELINE_ASSIGN_OR_RETURN(const Item item, catalog_->Get(request.item_id()));
  return ToProto(item);
}

absl::StatusOr<v1::ListItemsResponse> CatalogService::ListItems(const v1::ListItemsRequest& request,
                                                                const CallInfo& call) {
  RIDGELINE_ASSIGN_OR_RETURN(const int64_t page_size,
                             ResolvePageSize(request.page_size(), kMaxItemsInMessage));
  RIDGELINE_ASSIGN_OR_RETURN(std::string after, DecodePageToken(kItemList, request.page_token()));
  RIDGELINE_RETURN_IF_ERROR(CheckTagFilter("tags", request.tags()));
  const TagFilter filter = FromProto(request.tags());
  ItemPage page(page_size);
  // One more than a page tells whether there is a next one.
  const size_t wanted = std::clamp<size_t>(static_cast<size_t>(page_size) + 1, kFewestListed, kMostListed);
  for (;;) {
    RIDGELINE_RETURN_IF_ERROR(call.CheckAlive());
    const std::vector<Item> items = catalog_->List(after, wanted);
    for (const Item& item : items) {
      if (Matches(filter, item) && !page.Add(item)) return page.Take();
    }
    if (items.size() < wanted) return page.Take();
    after = items.back().id;
  }
}

absl::StatusOr<v1::DeleteItemResponse> CatalogService::DeleteItem(const v1::DeleteItemRequest& request,
                                                                  const CallInfo& /*call*/) {
  RIDGELINE_RETURN_IF_ERROR(ValidateId("item_id", request.item_id()));
  RIDGELINE_RETURN_IF_ERROR(catalog_->Delete(request.item_id()));
  return v1::DeleteItemResponse();
}

}  // namespace ridgeline
