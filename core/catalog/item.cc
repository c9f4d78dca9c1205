#include "core/catalog/item.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/interactions/interaction.h"

namespace ridgeline {
namespace {

absl::Status InvalidField(absl::string_view field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", why));
}

absl::Status ValidateTitle(absl::string_view title) {
  if (title.size() > kMaxTitleBytes) {
    return InvalidField("title",
                        absl::StrCat("must be at most ", kMaxTitleBytes, " bytes, got ", title.size()));
  }
  return IsValidUtf8(title) ? absl::OkStatus() : InvalidField("title", "must be UTF-8");
}

absl::Status ValidateTags(const std::vector<std::string>& tags) {
  if (tags.size() > kMaxTags) {
    return InvalidField("tags", absl::StrCat("must be at most ", kMaxTags, ", got ", tags.size()));
  }
  for (size_t i = 0; i < tags.size(); ++i) {
    RIDGELINE_RETURN_IF_ERROR(ValidateId(absl::StrCat("tags[", i, "]"), tags[i]));
  }
  return absl::OkStatus();
}

absl::Status ValidateAttributes(const std::map<std::string, std::string>& attributes) {
  size_t bytes = 0;
  for (const auto& [key, value] : attributes) {
    RIDGELINE_RETURN_IF_ERROR(ValidateId("attributes key", key));
    if (!IsValidUtf8(value)) return InvalidField(absl::StrCat("attributes[", key, "]"), "must be UTF-8");
    bytes += key.size() + value.size();
  }
  if (bytes <= kMaxAttributeBytes) return absl::OkStatus();
  return InvalidField("attributes",
                      absl::StrCat("must be at most ", kMaxAttributeBytes, " bytes, got ", bytes));
}

}  // namespace

absl::Status ValidateItem(const Item& item) {
  RIDGELINE_RETURN_IF_ERROR(ValidateId("id", item.id));
  RIDGELINE_RETURN_IF_ERROR(ValidateTitle(item.title));
  RIDGELINE_RETURN_IF_ERROR(ValidateTags(item.tags));
  return ValidateAttributes(item.attributes);
}

void SortTags(Item* item) {
  std::sort(item->tags.begin(), item->tags.end());
  item->tags.erase(std::unique(item->tags.begin(), item->tags.end()), item->tags.end());
}

}  // namespace ridgeline
