#include "server/convert_item.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/convert_time.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

Item ItemFromProto(const v1::Item& message, absl::Time now) {
  Item item;
  item.id = message.id();
  item.title = message.title();
  item.tags.assign(message.tags().begin(), message.tags().end());
  item.available = !message.has_available() || message.available();
  item.attributes.insert(message.attributes().begin(), message.attributes().end());
  item.update_time = now;
  return item;
}

}  // namespace

absl::StatusOr<std::vector<Item>> ItemsFromProto(const google::protobuf::RepeatedPtrField<v1::Item>& messages,
                                                 absl::Time now) {
  RIDGELINE_RETURN_IF_ERROR(CheckCount("items", messages.size(), 1, kMaxItemsInMessage));
  std::vector<Item> items;
  items.reserve(messages.size());
  for (const v1::Item& message : messages) {
    items.push_back(ItemFromProto(message, now));
    const absl::Status status = ValidateItem(items.back());
    if (!status.ok()) return Within(absl::StrCat("items[", items.size() - 1, "]"), status);
  }
  return items;
}

v1::Item ToProto(const Item& item) {
  v1::Item message;
  message.set_id(item.id);
  message.set_title(item.title);
  message.mutable_tags()->Assign(item.tags.begin(), item.tags.end());
  message.set_available(item.available);
  message.mutable_attributes()->insert(item.attributes.begin(), item.attributes.end());
  *message.mutable_update_time() = ToProto(item.update_time);
  return message;
}

TagFilter FromProto(const v1::TagFilter& message) {
  TagFilter filter;
  filter.any.assign(message.any().begin(), message.any().end());
  filter.all.assign(message.all().begin(), message.all().end());
  filter.none.assign(message.none().begin(), message.none().end());
  return filter;
}

absl::Status CheckTagFilter(absl::string_view field, const v1::TagFilter& message) {
  constexpr int64_t kMost = 1'000;
  RIDGELINE_RETURN_IF_ERROR(CheckIds(absl::StrCat(field, ".any"), message.any(), kMost));
  RIDGELINE_RETURN_IF_ERROR(CheckIds(absl::StrCat(field, ".all"), message.all(), kMost));
  return CheckIds(absl::StrCat(field, ".none"), message.none(), kMost);
}

bool Matches(const TagFilter& filter, const Item& item) {
  const auto has = [&item](const std::string& tag) { return absl::c_binary_search(item.tags, tag); };
  return (filter.any.empty() || absl::c_any_of(filter.any, has)) && absl::c_all_of(filter.all, has) &&
         absl::c_none_of(filter.none, has);
}

}  // namespace ridgeline
