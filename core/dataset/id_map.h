#ifndef RIDGELINE_CORE_DATASET_ID_MAP_H_
#define RIDGELINE_CORE_DATASET_ID_MAP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/dataset/compact_offsets.h"

namespace ridgeline {

/// String ids <-> dense rows 0, 1, ..., size() - 1. The ids stand one after another in one buffer with an
/// open hash table of rows beside it: about 11 bytes an id beyond its own, up to 20 in a map that grows.
/// Thread-compatible; once built and held as const it is immutable, thus thread-safe. At most 2^32 - 2 ids. A
/// moved-from map may only be assigned to.
class IdMap {
 public:
  IdMap();

  /// From ids in row order. kInvalidArgument when two are equal.
  static absl::StatusOr<IdMap> FromIds(const std::vector<std::string>& ids);

  /// From the stored form: `bytes` are all ids one after another, id r is bytes[offsets[r], offsets[r + 1]).
  /// kDataLoss when the offsets do not fit the bytes or two ids are equal.
  static absl::StatusOr<IdMap> FromBuffers(std::string bytes, absl::Span<const uint64_t> offsets);

  /// The row of `id`, a new one when it was not there.
  uint32_t Add(absl::string_view id);

  /// The row here of each id of `other`, in the order of their rows there; ids that were not there get new
  /// rows in that order.
  std::vector<uint32_t> AddAll(const IdMap& other);

  /// Forgets all ids and keeps the memory.
  void Clear();

  /// The row of `id`, if it is there.
  absl::optional<uint32_t> Find(absl::string_view id) const;

  /// The row of each of `ids`, kAbsent where it is not there, into `rows` of the same size. Several times
  /// faster than Find for many ids of a large map, whose memory it asks for ahead.
  void FindAll(absl::Span<const absl::string_view> ids, absl::Span<uint32_t> rows) const;
  static constexpr uint32_t kAbsent = UINT32_MAX;

  /// The id of row `row` < size(). The view lives until the next Add.
  absl::string_view Id(uint32_t row) const;

  /// Whether Id(row) == id.
  bool HasId(uint32_t row, absl::string_view id) const;

  size_t size() const { return offsets_.size() - 1; }

  /// The stored form, see FromBuffers.
  const std::string& bytes() const { return bytes_; }
  std::vector<uint64_t> Offsets() const { return offsets_.ToVector(); }

 private:
  // Where the search for an id of this hash begins.
  size_t FirstSlot(uint64_t hash) const;

  // Where it goes on when another id is at `slot`.
  size_t NextSlot(size_t slot) const;

  // Whether the search for an id of this tag goes past `slot` without a look at the id there.
  bool IsOther(size_t slot, uint8_t tag) const { return tags_[slot] != kFree && tags_[slot] != tag; }

  // Where `id` is, or else the free slot where it belongs.
  size_t Slot(absl::string_view id, uint64_t hash) const;

  // FindAll of at most kBlock ids.
  static constexpr size_t kBlock = 32;
  void FindBlock(absl::Span<const absl::string_view> ids, uint32_t* rows) const;

  // Asks for the ids at those of `slots` whose places in the block are `searched`, where not free.
  void PrefetchIds(absl::Span<const size_t> searched, const size_t* slots) const;

  // Fills a new table of `slots`; false when two ids are equal.
  bool Rehash(size_t slots);

  std::string bytes_;
  CompactOffsets offsets_;  // [size + 1]
  static constexpr uint8_t kFree = 0;
  std::vector<uint8_t> tags_;    // a part of the hash of the id in each slot; at most 3/4 are not free
  std::vector<uint32_t> slots_;  // the row, where not free
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_ID_MAP_H_
