#include "core/serving/item_lookup.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"

namespace ridgeline {

absl::StatusOr<absl::optional<uint32_t>> ItemLookup::Find(absl::string_view id,
                                                          absl::FunctionRef<std::string()> field) {
  const absl::optional<uint32_t> row = item_ids_->Find(id);
  if (row.has_value()) return row;
  RIDGELINE_RETURN_IF_ERROR(Remember(id, field));
  return row;
}

absl::StatusOr<std::vector<uint32_t>> ItemLookup::FindAll(absl::Span<const absl::string_view> ids,
                                                          absl::string_view field) {
  std::vector<uint32_t> rows(ids.size());
  item_ids_->FindAll(ids, absl::MakeSpan(rows));
  size_t known = 0;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (rows[i] != IdMap::kAbsent) {
      rows[known++] = rows[i];
    } else {
      RIDGELINE_RETURN_IF_ERROR(Remember(ids[i], [&] { return absl::StrCat(field, "[", i, "]"); }));
    }
  }
  rows.resize(known);
  return rows;
}

absl::Status ItemLookup::Remember(absl::string_view id, absl::FunctionRef<std::string()> field) {
  if (!ValidateId("", id).ok()) return ValidateId(field(), id);
  if (remembered_.insert(id).second) unknown_.push_back(id);
  return absl::OkStatus();
}

}  // namespace ridgeline
