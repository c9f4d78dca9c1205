#include "core/dataset/id_map.h"

#define XXH_INLINE_ALL  // ids are short: the call would cost as much as the hash
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

constexpr size_t kSmallestTable = 16;
constexpr size_t kMostIds = UINT32_MAX - 1;  // a slot holds row + 1

// Slots of which `ids` fill at most 3/4.
size_t TableSize(size_t ids) {
  return std::max(kSmallestTable, ids + ids / 3 + 1);
}

bool AreOffsetsOf(const std::string& bytes, absl::Span<const uint64_t> offsets) {
  return !offsets.empty() && offsets.size() - 1 <= kMostIds && offsets.front() == 0 &&
         offsets.back() == bytes.size() && std::is_sorted(offsets.begin(), offsets.end());
}

}  // namespace

IdMap::IdMap() : slots_(kSmallestTable, 0) {
  offsets_.Append(0);
}

absl::StatusOr<IdMap> IdMap::FromIds(const std::vector<std::string>& ids) {
  if (ids.size() > kMostIds) return absl::InvalidArgumentError("ids: more than 2^32 - 2");
  IdMap map;
  map.offsets_.Reserve(ids.size() + 1);
  map.slots_.assign(TableSize(ids.size()), 0);
  for (size_t row = 0; row < ids.size(); ++row) {
    if (map.Add(ids[row]) != row) {
      return absl::InvalidArgumentError(absl::StrCat("ids: '", ids[row], "' is there twice"));
    }
  }
  return map;
}

absl::StatusOr<IdMap> IdMap::FromBuffers(std::string bytes, absl::Span<const uint64_t> offsets) {
  if (!AreOffsetsOf(bytes, offsets)) return absl::DataLossError("the ids' offsets do not fit their bytes");
  IdMap map;
  map.bytes_ = std::move(bytes);
  map.offsets_ = CompactOffsets(offsets);
  if (!map.Rehash(TableSize(map.size()))) return absl::DataLossError("two ids are equal");
  return map;
}

uint32_t IdMap::Add(absl::string_view id) {
  size_t slot = Slot(id);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  if (size() + 1 > slots_.size() - slots_.size() / 4) {
    Rehash(slots_.size() * 2);
    slot = Slot(id);
  }
  bytes_.append(id.data(), id.size());
  offsets_.Append(bytes_.size());
  slots_[slot] = static_cast<uint32_t>(size());
  return slots_[slot] - 1;
}

std::vector<uint32_t> IdMap::AddAll(const IdMap& other) {
  std::vector<uint32_t> rows(other.size());
  std::array<absl::string_view, kBlock> ids;
  for (size_t first = 0; first < other.size(); first += kBlock) {
    const size_t count = std::min(kBlock, other.size() - first);
    for (size_t i = 0; i < count; ++i) ids[i] = other.Id(static_cast<uint32_t>(first + i));
    FindBlock(absl::MakeConstSpan(ids.data(), count), &rows[first]);
    for (size_t i = 0; i < count; ++i) {
      if (rows[first + i] == kAbsent) rows[first + i] = Add(ids[i]);
    }
  }
  return rows;
}

void IdMap::Clear() {
  bytes_.clear();
  offsets_.Clear();
  offsets_.Append(0);
  std::fill(slots_.begin(), slots_.end(), 0);
}

absl::optional<uint32_t> IdMap::Find(absl::string_view id) const {
  const uint32_t found = slots_[Slot(id)];
  if (found == 0) return absl::nullopt;
  return found - 1;
}

absl::string_view IdMap::Id(uint32_t row) const {
  const uint64_t begin = offsets_[row];
  return absl::string_view(bytes_).substr(begin, offsets_[size_t{row} + 1] - begin);
}

void IdMap::FindAll(absl::Span<const absl::string_view> ids, absl::Span<uint32_t> rows) const {
  for (size_t first = 0; first < ids.size(); first += kBlock) {
    FindBlock(ids.subspan(first, kBlock), &rows[first]);
  }
}

// Each step asks for the memory that the next one needs: what costs in a large map is to wait for one place
// after another. An id that another one stands in the way of goes on to the next slot in the next round, with
// all others that do.
void IdMap::FindBlock(absl::Span<const absl::string_view> ids, uint32_t* rows) const {
  std::array<size_t, kBlock> slots;
  std::array<size_t, kBlock> searched;  // places in `ids` of those that are not decided yet
  for (size_t i = 0; i < ids.size(); ++i) {
    searched[i] = i;
    slots[i] = FirstSlot(ids[i]);
    __builtin_prefetch(&slots_[slots[i]]);
  }
  for (size_t left = ids.size(); left > 0;) {
    PrefetchIds(absl::MakeConstSpan(searched.data(), left), slots.data());
    size_t kept = 0;
    for (size_t n = 0; n < left; ++n) {
      const size_t i = searched[n];
      const uint32_t found = slots_[slots[i]];
      rows[i] = found - 1;  // kAbsent where free
      if (found == 0 || Id(rows[i]) == ids[i]) continue;
      slots[i] = NextSlot(slots[i]);
      searched[kept++] = i;
    }
    left = kept;
  }
}

void IdMap::PrefetchIds(absl::Span<const size_t> searched, const size_t* slots) const {
  for (const size_t i : searched) {
    const uint32_t found = slots_[slots[i]];
    if (found != 0) offsets_.Prefetch(found - 1);
  }
  for (const size_t i : searched) {
    const uint32_t found = slots_[slots[i]];
    if (found != 0) __builtin_prefetch(bytes_.data() + offsets_[found - 1]);
  }
}

size_t IdMap::FirstSlot(absl::string_view id) const {
  // The hash, as a fraction of 2^64, of the slots: no power of two is needed, which would waste up to half.
  return absl::Uint128High64(absl::uint128(XXH3_64bits(id.data(), id.size())) * slots_.size());
}

size_t IdMap::NextSlot(size_t slot) const {
  return slot + 1 == slots_.size() ? 0 : slot + 1;
}

size_t IdMap::Slot(absl::string_view id) const {
  size_t slot = FirstSlot(id);
  while (slots_[slot] != 0 && Id(slots_[slot] - 1) != id) slot = NextSlot(slot);
  return slot;
}

bool IdMap::Rehash(size_t slots) {
  slots_.assign(slots, 0);
  for (size_t row = 0; row < size(); ++row) {
    uint32_t& slot = slots_[Slot(Id(static_cast<uint32_t>(row)))];
    if (slot != 0) return false;
    slot = static_cast<uint32_t>(row + 1);
  }
  return true;
}

}  // namespace ridgeline
