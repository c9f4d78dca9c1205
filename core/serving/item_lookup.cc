#include "core/serving/item_lookup.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"

namespace ridgeline {

absl::StatusOr<absl::optional<uint32_t>> ItemLookup::Find(absl::string_view id,
                                                          absl::FunctionRef<std::string()> field) {
  const absl::optional<uint32_t> row = item_ids_->Find(id);
  if (row.has_value()) return row;
  RIDGELINE_RETURN_IF_ERROR(ValidateId(field(), id));
  if (remembered_.insert(std::string(id)).second) unknown_.emplace_back(id);
  return row;
}

absl::StatusOr<std::vector<uint32_t>> ItemLookup::FindAll(const std::vector<std::string>& ids,
                                                          absl::string_view field) {
  std::vector<uint32_t> rows;
  rows.reserve(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<uint32_t> row,
                               Find(ids[i], [&] { return absl::StrCat(field, "[", i, "]"); }));
    if (row.has_value()) rows.push_back(*row);
  }
  return rows;
}

}  // namespace ridgeline
