#ifndef RIDGELINE_CORE_RETRIEVAL_ITEM_FILTER_H_
#define RIDGELINE_CORE_RETRIEVAL_ITEM_FILTER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace ridgeline {

/// Which item rows may be answered: one bit a row. Thread-compatible.
class ItemFilter {
 public:
  /// Allows every one of `items` rows.
  explicit ItemFilter(uint32_t items);

  /// Allows exactly `rows`, each below `items`.
  static ItemFilter Only(uint32_t items, absl::Span<const uint32_t> rows);

  /// Allows `row` < items.
  void Allow(uint32_t row) { words_[row / 64] |= uint64_t{1} << (row % 64); }

  /// Forbids `row` < items.
  void Forbid(uint32_t row) { words_[row / 64] &= ~(uint64_t{1} << (row % 64)); }

  /// Keeps only what `other`, of the same size, allows too.
  void Intersect(const ItemFilter& other);

  bool Allows(uint32_t row) const { return (words_[row / 64] >> (row % 64) & 1) != 0; }

  /// How many rows are allowed.
  uint32_t CountAllowed() const;

  /// Calls `visit` with each allowed row, in ascending order.
  template <typename Visit>
  void ForEachAllowed(Visit visit) const {
    for (size_t w = 0; w < words_.size(); ++w) {
      for (uint64_t bits = words_[w]; bits != 0; bits &= bits - 1) {
        visit(static_cast<uint32_t>(w * 64) + static_cast<uint32_t>(std::countr_zero(bits)));
      }
    }
  }

  /// Bits of rows 64 w ... 64 w + 63; those beyond the last row are 0.
  uint64_t Word(size_t word) const { return words_[word]; }
  size_t words() const { return words_.size(); }

 private:
  std::vector<uint64_t> words_;  // [ceil(items / 64)]
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_ITEM_FILTER_H_
