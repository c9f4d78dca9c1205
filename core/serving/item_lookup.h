#ifndef RIDGELINE_CORE_SERVING_ITEM_LOOKUP_H_
#define RIDGELINE_CORE_SERVING_ITEM_LOOKUP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/dataset/id_map.h"

namespace ridgeline {

/// Finds the rows of a request's item ids and remembers the ids that the model does not know.
/// Thread-compatible; one a request.
class ItemLookup {
 public:
  /// `item_ids` must outlive the lookup.
  explicit ItemLookup(const IdMap* item_ids) : item_ids_(item_ids) {}

  /// The row of `id`, which must outlive the lookup, none when the model does not know it. kInvalidArgument
  /// beginning with what `field` returns when it is not a valid id; only unknown ids need that check.
  absl::StatusOr<absl::optional<uint32_t>> Find(absl::string_view id, absl::FunctionRef<std::string()> field);

  /// The rows of those `ids` that the model knows; `field` names the list, e.g. "filter.exclude_item_ids". As
  /// Find.
  absl::StatusOr<std::vector<uint32_t>> FindAll(absl::Span<const absl::string_view> ids,
                                                absl::string_view field);

  /// The unknown ids so far, each once, in the order of asking. The lookup is spent afterwards.
  std::vector<std::string> TakeUnknown() { return {unknown_.begin(), unknown_.end()}; }

 private:
  absl::Status Remember(absl::string_view id, absl::FunctionRef<std::string()> field);

  const IdMap* const item_ids_;
  std::vector<absl::string_view> unknown_;
  absl::flat_hash_set<absl::string_view> remembered_;  // unknown_ as a set
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_ITEM_LOOKUP_H_
