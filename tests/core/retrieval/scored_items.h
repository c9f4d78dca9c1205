#ifndef RIDGELINE_TESTS_CORE_RETRIEVAL_SCORED_ITEMS_H_
#define RIDGELINE_TESTS_CORE_RETRIEVAL_SCORED_ITEMS_H_

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "core/retrieval/retrieval_query.h"

namespace ridgeline {

inline std::vector<uint32_t> Rows(const std::vector<ScoredItem>& items) {
  std::vector<uint32_t> rows;
  for (const ScoredItem& item : items) rows.push_back(item.row);
  return rows;
}

/// Rows and the bits of scores.
inline std::vector<std::pair<uint32_t, uint32_t>> Bits(const std::vector<ScoredItem>& items) {
  std::vector<std::pair<uint32_t, uint32_t>> bits;
  for (const ScoredItem& item : items) {
    uint32_t score = 0;
    std::memcpy(&score, &item.score, sizeof score);
    bits.emplace_back(item.row, score);
  }
  return bits;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_RETRIEVAL_SCORED_ITEMS_H_
