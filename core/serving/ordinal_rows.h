#ifndef RIDGELINE_CORE_SERVING_ORDINAL_ROWS_H_
#define RIDGELINE_CORE_SERVING_ORDINAL_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "core/base/mutex.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/catalog.h"
#include "core/dataset/id_map.h"

namespace ridgeline {

/// The item rows of a catalogue's ordinals, also of those given after it was made. Thread-safe. Costs 4 bytes
/// an item of the catalogue, nothing for those that only the model has.
class OrdinalRows {
 public:
  static constexpr uint32_t kNoRow = UINT32_MAX;

  /// The rows as they were known at one time. Immutable, thus thread-safe; the OrdinalRows must outlive it.
  class View {
   public:
    /// The item row of `ordinal`, or kNoRow when the model does not have the item or it came later.
    uint32_t Row(uint32_t ordinal) const {
      if (ordinal < early_.size()) return early_[ordinal];
      const size_t at = ordinal - early_.size();
      return at < late_->size() ? (*late_)[at] : kNoRow;
    }

   private:
    friend class OrdinalRows;
    using Rows = std::vector<uint32_t>;
    View(absl::Span<const uint32_t> early, std::shared_ptr<const Rows> late)
        : early_(early), late_(std::move(late)) {}

    absl::Span<const uint32_t> early_;
    std::shared_ptr<const Rows> late_;
  };

  /// Of what `catalog` has now; it is only used during the call. `item_ids` must outlive the rows.
  OrdinalRows(const IdMap* item_ids, const Catalog& catalog);

  /// Calls `visit` with the row of every ordinal in `bitmap`, which is of `catalog`, that the model has.
  template <typename Visit>
  void ForEachRow(const Bitmap& bitmap, const Catalog& catalog, const Visit& visit) const {
    if (bitmap.isEmpty()) return;
    const View rows = Through(bitmap.maximum(), catalog);
    for (const uint32_t ordinal : bitmap) {
      const uint32_t row = rows.Row(ordinal);
      if (row != kNoRow) visit(row);
    }
  }

  /// A view that knows every ordinal that `catalog`, still the same one, has given through `last`.
  View Through(uint32_t last, const Catalog& catalog) const;

 private:
  // The rows of the ordinals of `catalog` from `first` on.
  std::vector<uint32_t> Find(size_t first, const Catalog& catalog) const;

  const IdMap* const item_ids_;
  const std::vector<uint32_t> early_;  // by ordinal, of what was there at the beginning
  mutable Mutex mutex_;
  // Of what came later; replaced when it grows, so that views keep theirs.
  mutable std::shared_ptr<const std::vector<uint32_t>> late_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_ORDINAL_ROWS_H_
