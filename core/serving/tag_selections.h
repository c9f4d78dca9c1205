#ifndef RIDGELINE_CORE_SERVING_TAG_SELECTIONS_H_
#define RIDGELINE_CORE_SERVING_TAG_SELECTIONS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/types/optional.h"
#include "core/base/mutex.h"
#include "core/catalog/catalog.h"
#include "core/retrieval/item_filter.h"
#include "core/retrieval/item_index.h"
#include "core/retrieval/quantized_matrix.h"
#include "core/serving/ordinal_rows.h"

namespace ridgeline {

/// What a condition on tags and availability leaves of a model's items. A plain value.
struct TagSelection {
  ItemFilter allowed;
  absl::optional<QuantizedMatrix> index;  ///< of what is allowed, where that is selective

  size_t bytes() const {
    return allowed.words() * sizeof(uint64_t) + (index.has_value() ? index->bytes() : 0);
  }
};

/// The selections of one serving snapshot, kept until the catalogue changes: the same few conditions come
/// with most requests, and to turn one into rows and index these takes longer than many searches.
/// Thread-safe.
class TagSelections {
 public:
  static constexpr size_t kMostBytes = size_t{64} << 20;

  /// Conditions of longer keys, which few requests share, are worked out each time.
  static constexpr size_t kLongestKey = size_t{4} << 10;

  /// `rows` and `index` must outlive the selections. Keeps those last asked for, at most `most_bytes` of them
  /// with what it takes to find them, but at least one.
  TagSelections(const OrdinalRows* rows, const ItemIndex* index, uint32_t items,
                size_t most_bytes = kMostBytes);

  /// The items that `tags` lets through and, unless `include_unavailable`, that are available, by `catalog`,
  /// always the same one, as it is now.
  std::shared_ptr<const TagSelection> Get(const TagFilter& tags, bool include_unavailable,
                                          const Catalog& catalog) const;

  /// The memory that what is kept takes.
  size_t bytes() const;

 private:
  using Selections = absl::flat_hash_map<std::string, std::shared_ptr<const TagSelection>>;

  // Selections and what they take in memory together.
  struct Kept {
    Selections selections;
    size_t bytes = 0;
  };

  TagSelection Select(const TagFilter& tags, bool include_unavailable, const Catalog& catalog) const;

  std::shared_ptr<const TagSelection> Find(const std::string& key, uint64_t generation) const;
  void Keep(const std::string& key, uint64_t generation, std::shared_ptr<const TagSelection> selection) const;

  void KeepRecent(const std::string& key, std::shared_ptr<const TagSelection> selection) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const OrdinalRows* const rows_;
  const ItemIndex* const index_;
  const uint32_t items_;
  const size_t most_bytes_;
  mutable Mutex mutex_;
  mutable uint64_t generation_ ABSL_GUARDED_BY(mutex_) =
      0;  // of the catalogue when all that is kept was true
  mutable Kept recent_ ABSL_GUARDED_BY(mutex_);
  mutable Kept older_ ABSL_GUARDED_BY(mutex_);  // what recent_ was when it was last full
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_TAG_SELECTIONS_H_
