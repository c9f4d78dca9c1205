#include "core/retrieval/item_filter.h"

#include <bit>

namespace ridgeline {

ItemFilter::ItemFilter(uint32_t items) : words_((size_t{items} + 63) / 64, ~uint64_t{0}) {
  if (items % 64 != 0) words_.back() = (uint64_t{1} << (items % 64)) - 1;
}

ItemFilter ItemFilter::Only(uint32_t items, absl::Span<const uint32_t> rows) {
  ItemFilter filter(items);
  for (uint64_t& word : filter.words_) word = 0;
  for (uint32_t row : rows) filter.Allow(row);
  return filter;
}

void ItemFilter::Intersect(const ItemFilter& other) {
  for (size_t w = 0; w < words_.size(); ++w) words_[w] &= other.words_[w];
}

uint32_t ItemFilter::CountAllowed() const {
  uint32_t count = 0;
  for (uint64_t word : words_) count += static_cast<uint32_t>(std::popcount(word));
  return count;
}

}  // namespace ridgeline
