#include "core/dataset/id_map.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

constexpr size_t kSmallestTable = 16;
constexpr size_t kMostIds = UINT32_MAX - 1;  // a slot holds row + 1

// The smallest power of two in which `ids` fill at most 3/4.
size_t TableSize(size_t ids) {
  size_t size = kSmallestTable;
  while (size - size / 4 < ids) size *= 2;
  return size;
}

bool AreOffsetsOf(const std::string& bytes, const std::vector<uint64_t>& offsets) {
  return !offsets.empty() && offsets.size() - 1 <= kMostIds && offsets.front() == 0 &&
         offsets.back() == bytes.size() && std::is_sorted(offsets.begin(), offsets.end());
}

}  // namespace

IdMap::IdMap() : offsets_{0}, slots_(kSmallestTable, 0) {}

absl::StatusOr<IdMap> IdMap::FromIds(const std::vector<std::string>& ids) {
  if (ids.size() > kMostIds) return absl::InvalidArgumentError("ids: more than 2^32 - 2");
  IdMap map;
  map.offsets_.reserve(ids.size() + 1);
  map.slots_.assign(TableSize(ids.size()), 0);
  for (size_t row = 0; row < ids.size(); ++row) {
    if (map.Add(ids[row]) != row) {
      return absl::InvalidArgumentError(absl::StrCat("ids: '", ids[row], "' is there twice"));
    }
  }
  return map;
}

absl::StatusOr<IdMap> IdMap::FromBuffers(std::string bytes, std::vector<uint64_t> offsets) {
  if (!AreOffsetsOf(bytes, offsets)) return absl::DataLossError("the ids' offsets do not fit their bytes");
  IdMap map;
  map.bytes_ = std::move(bytes);
  map.offsets_ = std::move(offsets);
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
  offsets_.push_back(bytes_.size());
  slots_[slot] = static_cast<uint32_t>(size());
  return slots_[slot] - 1;
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

size_t IdMap::Slot(absl::string_view id) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = XXH3_64bits(id.data(), id.size()) & mask;
  while (slots_[slot] != 0 && Id(slots_[slot] - 1) != id) slot = (slot + 1) & mask;
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
