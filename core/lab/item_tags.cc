#include "core/lab/item_tags.h"

#include "absl/types/optional.h"
#include "core/base/status_macros.h"
#include "core/catalog/item_reader.h"
#include "core/dataset/tag_matrix.h"

namespace ridgeline {

absl::StatusOr<CsrMatrix> ReadItemTags(const std::vector<std::string>& paths, const IdMap& items,
                                       const std::vector<bool>& teaches, size_t most) {
  TagMatrixBuilder builder;
  const auto add = [&](Item&& item) {
    const absl::optional<uint32_t> row = items.Find(item.id);
    if (row.has_value()) builder.Add(*row, item.tags);
    return absl::OkStatus();
  };
  for (const std::string& path : paths) RIDGELINE_RETURN_IF_ERROR(ReadItems(path, {}, add).status());
  return builder.Build(teaches, most);
}

}  // namespace ridgeline
