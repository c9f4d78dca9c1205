#ifndef RIDGELINE_CORE_DATASET_COMPACT_OFFSETS_H_
#define RIDGELINE_CORE_DATASET_COMPACT_OFFSETS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/base/prefetch.h"

namespace ridgeline {

/// Ascending 64-bit numbers in 4 bytes each: their lower halves, and where the upper half grows.
/// Thread-compatible.
class CompactOffsets {
 public:
  CompactOffsets() = default;

  /// `offsets` in ascending order.
  explicit CompactOffsets(absl::Span<const uint64_t> offsets);

  void Reserve(size_t size) { low_.reserve(size); }

  /// Forgets all and keeps the memory.
  void Clear() {
    low_.clear();
    carries_.clear();
  }

  /// Appends `offset`, at least as large as the last one.
  void Append(uint64_t offset);

  uint64_t operator[](size_t index) const { return low_[index] + (uint64_t{Carries(index)} << 32); }

  /// Asks for the number at `index` from memory.
  void Prefetch(size_t index) const { ridgeline::Prefetch(&low_[index]); }

  size_t size() const { return low_.size(); }

  /// All of them, 8 bytes each.
  std::vector<uint64_t> ToVector() const;

 private:
  // The upper half of the number at `index`.
  size_t Carries(size_t index) const { return carries_.empty() ? 0 : CountCarries(index); }
  size_t CountCarries(size_t index) const;

  std::vector<uint32_t> low_;
  std::vector<size_t> carries_;  // indices at which the upper half grows by 1, as often as it does
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_COMPACT_OFFSETS_H_
