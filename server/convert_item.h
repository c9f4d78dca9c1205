#ifndef RIDGELINE_SERVER_CONVERT_ITEM_H_
#define RIDGELINE_SERVER_CONVERT_ITEM_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/catalog/catalog.h"
#include "core/catalog/item.h"
#include "ridgeline/v1/item.pb.h"

namespace ridgeline {

/// Most items in one message.
inline constexpr int64_t kMaxItemsInMessage = 10'000;

/// The items as the catalogue takes them, updated at `now`. kInvalidArgument naming "items[i].field".
absl::StatusOr<std::vector<Item>> ItemsFromProto(const google::protobuf::RepeatedPtrField<v1::Item>& messages,
                                                 absl::Time now);

v1::Item ToProto(const Item& item);

/// The filter, unchecked.
TagFilter FromProto(const v1::TagFilter& message);

/// kInvalidArgument naming a list of the filter below `field` that is too long, or a tag that is not valid.
absl::Status CheckTagFilter(absl::string_view field, const v1::TagFilter& message);

/// Whether the item's tags, sorted, fulfil `filter`.
bool Matches(const TagFilter& filter, const Item& item);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CONVERT_ITEM_H_
