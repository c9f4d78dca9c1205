#ifndef RIDGELINE_CORE_LAB_ITEM_TAGS_H_
#define RIDGELINE_CORE_LAB_ITEM_TAGS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/dataset/csr_matrix.h"
#include "core/dataset/id_map.h"

namespace ridgeline {

/// The tags of `items` by files of items, as ReadItems reads them, as TagMatrixBuilder lays them out for
/// `teaches` [items] and at most `most` tags. An item may be on several lines and in several files: it has
/// the tags of all of them. Items that are not in `items` are passed over. The errors of ReadItems.
absl::StatusOr<CsrMatrix> ReadItemTags(const std::vector<std::string>& paths, const IdMap& items,
                                       const std::vector<bool>& teaches, size_t most);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_ITEM_TAGS_H_
