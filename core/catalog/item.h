#ifndef RIDGELINE_CORE_CATALOG_ITEM_H_
#define RIDGELINE_CORE_CATALOG_ITEM_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace ridgeline {

inline constexpr size_t kMaxTitleBytes = 1'024;
inline constexpr size_t kMaxTags = 256;
inline constexpr size_t kMaxAttributeBytes = 16 * 1'024;  ///< keys and values together

/// What is known of an item besides its interactions. A plain value.
struct Item {
  std::string id;                 ///< as ValidateId wants it
  std::string title;              ///< for people; at most kMaxTitleBytes of UTF-8
  std::vector<std::string> tags;  ///< for filters; at most kMaxTags, each as ValidateId wants it
  bool available = true;          ///< unavailable items are never recommended unless a request asks for them
  std::map<std::string, std::string> attributes;  ///< kept and returned, not interpreted; kMaxAttributeBytes
  absl::Time update_time;
};

/// OK when every field is acceptable, kInvalidArgument beginning with the first bad field otherwise.
absl::Status ValidateItem(const Item& item);

/// Brings the tags into ascending order, each once.
void SortTags(Item* item);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_CATALOG_ITEM_H_
