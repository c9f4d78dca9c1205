#include "core/dataset/id_map.h"

#define XXH_INLINE_ALL  // ids are short: the call would cost as much as the hash
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "core/base/prefetch.h"
#include "core/base/thread_priority.h"

namespace ridgeline {
namespace {

constexpr size_t kSmallestTable = 16;
constexpr size_t kMostIds = UINT32_MAX - 1;  // IdMap::kAbsent is none of their rows

// Slots of which `ids` fill at most 3/4.
size_t TableSize(size_t ids) {
  return std::max(kSmallestTable, ids + ids / 3 + 1);
}

uint64_t HashOf(absl::string_view id) {
  return XXH3_64bits(id.data(), id.size());
}

// Never kFree, and of other bits than those that choose the slot.
uint8_t TagOf(uint64_t hash) {
  return static_cast<uint8_t>(hash | 0x80);
}

uint64_t Load8(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// Ids are short: to call memcmp would cost more than to compare.
bool AreEqual(absl::string_view a, absl::string_view b) {
  if (a.size() != b.size()) return false;
  size_t i = 0;
  for (; i + sizeof(uint64_t) <= a.size(); i += sizeof(uint64_t)) {
    if (Load8(a.data() + i) != Load8(b.data() + i)) return false;
  }
  for (; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

bool AreOffsetsOf(const std::string& bytes, absl::Span<const uint64_t> offsets) {
  return !offsets.empty() && offsets.size() - 1 <= kMostIds && offsets.front() == 0 &&
         offsets.back() == bytes.size() && std::is_sorted(offsets.begin(), offsets.end());
}

}  // namespace

IdMap::IdMap() : tags_(kSmallestTable, kFree), slots_(kSmallestTable) {
  offsets_.Append(0);
}

absl::StatusOr<IdMap> IdMap::FromIds(const std::vector<std::string>& ids) {
  if (ids.size() > kMostIds) return absl::InvalidArgumentError("ids: more than 2^32 - 2");
  IdMap map;
  map.offsets_.Reserve(ids.size() + 1);
  map.Rehash(TableSize(ids.size()));
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
  const uint64_t hash = HashOf(id);
  size_t slot = Slot(id, hash);
  if (tags_[slot] != kFree) return slots_[slot];
  if (size() + 1 > slots_.size() - slots_.size() / 4) {
    Rehash(slots_.size() * 2);
    slot = Slot(id, hash);
  }
  tags_[slot] = TagOf(hash);
  slots_[slot] = static_cast<uint32_t>(size());
  bytes_.append(id.data(), id.size());
  offsets_.Append(bytes_.size());
  return slots_[slot];
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
  std::fill(tags_.begin(), tags_.end(), kFree);
}

absl::optional<uint32_t> IdMap::Find(absl::string_view id) const {
  const size_t slot = Slot(id, HashOf(id));
  if (tags_[slot] == kFree) return absl::nullopt;
  return slots_[slot];
}

absl::string_view IdMap::Id(uint32_t row) const {
  const uint64_t begin = offsets_[row];
  return absl::string_view(bytes_).substr(begin, offsets_[size_t{row} + 1] - begin);
}

bool IdMap::HasId(uint32_t row, absl::string_view id) const {
  return AreEqual(Id(row), id);
}

void IdMap::FindAll(absl::Span<const absl::string_view> ids, absl::Span<uint32_t> rows) const {
  for (size_t first = 0; first < ids.size(); first += kBlock) {
    FindBlock(ids.subspan(first, kBlock), &rows[first]);
  }
}

// Each step asks for the memory that the next one needs: what costs in a large map is to wait for one place
// after another. An id whose tag another one has goes on to the next slot in the next round, with all others
// that do.
void IdMap::FindBlock(absl::Span<const absl::string_view> ids, uint32_t* rows) const {
  std::array<size_t, kBlock> slots;
  std::array<uint8_t, kBlock> tags;
  std::array<size_t, kBlock> searched;  // places in `ids` of those that are not decided yet
  for (size_t i = 0; i < ids.size(); ++i) {
    const uint64_t hash = HashOf(ids[i]);
    searched[i] = i;
    tags[i] = TagOf(hash);
    slots[i] = FirstSlot(hash);
    Prefetch(&tags_[slots[i]]);
  }
  for (size_t left = ids.size(); left > 0;) {
    for (size_t n = 0; n < left; ++n) {
      size_t& slot = slots[searched[n]];
      while (IsOther(slot, tags[searched[n]])) slot = NextSlot(slot);
      Prefetch(&slots_[slot]);
    }
    PrefetchIds(absl::MakeConstSpan(searched.data(), left), slots.data());
    size_t kept = 0;
    for (size_t n = 0; n < left; ++n) {
      const size_t i = searched[n];
      rows[i] = tags_[slots[i]] == kFree ? kAbsent : slots_[slots[i]];
      if (rows[i] == kAbsent || HasId(rows[i], ids[i])) continue;
      slots[i] = NextSlot(slots[i]);
      searched[kept++] = i;
    }
    left = kept;
  }
}

void IdMap::PrefetchIds(absl::Span<const size_t> searched, const size_t* slots) const {
  for (const size_t i : searched) {
    if (tags_[slots[i]] != kFree) offsets_.Prefetch(slots_[slots[i]]);
  }
  for (const size_t i : searched) {
    if (tags_[slots[i]] != kFree) Prefetch(bytes_.data() + offsets_[slots_[slots[i]]]);
  }
}

size_t IdMap::FirstSlot(uint64_t hash) const {
  // The hash, as a fraction of 2^64, of the slots: no power of two is needed, which would waste up to half.
  return absl::Uint128High64(absl::uint128(hash) * slots_.size());
}

size_t IdMap::NextSlot(size_t slot) const {
  return slot + 1 == slots_.size() ? 0 : slot + 1;
}

size_t IdMap::Slot(absl::string_view id, uint64_t hash) const {
  const uint8_t tag = TagOf(hash);
  size_t slot = FirstSlot(hash);
  while (IsOther(slot, tag) || (tags_[slot] != kFree && !HasId(slots_[slot], id))) slot = NextSlot(slot);
  return slot;
}

bool IdMap::Rehash(size_t slots) {
  tags_.assign(slots, kFree);
  slots_.assign(slots, 0);
  for (uint32_t row = 0; row < size(); ++row) {
    const uint64_t hash = HashOf(Id(row));
    const size_t slot = Slot(Id(row), hash);
    if (tags_[slot] != kFree) return false;
    tags_[slot] = TagOf(hash);
    slots_[slot] = row;
    if (row % 64 == 0) GiveWay();  // to ask takes longer than a row
  }
  return true;
}

}  // namespace ridgeline
