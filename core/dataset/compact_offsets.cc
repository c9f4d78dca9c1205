#include "core/dataset/compact_offsets.h"

#include <algorithm>

namespace ridgeline {

CompactOffsets::CompactOffsets(absl::Span<const uint64_t> offsets) {
  Reserve(offsets.size());
  for (const uint64_t offset : offsets) Append(offset);
}

void CompactOffsets::Append(uint64_t offset) {
  while (carries_.size() < offset >> 32) carries_.push_back(low_.size());
  low_.push_back(static_cast<uint32_t>(offset));
}

std::vector<uint64_t> CompactOffsets::ToVector() const {
  std::vector<uint64_t> offsets;
  offsets.reserve(size());
  for (size_t index = 0; index < size(); ++index) offsets.push_back((*this)[index]);
  return offsets;
}

size_t CompactOffsets::CountCarries(size_t index) const {
  return static_cast<size_t>(std::upper_bound(carries_.begin(), carries_.end(), index) - carries_.begin());
}

}  // namespace ridgeline
