#include "core/baselines/strata.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base/random.h"

namespace ridgeline {
namespace {

template <typename Value>
void Shuffle(Random random, std::vector<Value>* values) {
  for (size_t left = values->size(); left > 1; --left) {
    std::swap((*values)[left - 1], (*values)[random.Below(left)]);
  }
}

std::vector<uint32_t> DrawStrata(uint32_t rows, Random random) {
  std::vector<uint32_t> strata(rows);
  for (uint32_t& stratum : strata) stratum = static_cast<uint32_t>(random.Below(Strata::kCount));
  return strata;
}

}  // namespace

Strata::Strata(const CsrMatrix& matrix, uint64_t seed, Arena& arena)
    : blocks_(kCount * kCount), items_(kCount), rounds_(kCount) {
  const std::vector<uint32_t> of_user = DrawStrata(matrix.rows, Random::Fork(seed, 0));
  const std::vector<uint32_t> of_item = DrawStrata(matrix.columns, Random::Fork(seed, 1));
  for (uint32_t item = 0; item < matrix.columns; ++item) items_[of_item[item]].push_back(item);
  for (uint32_t user = 0; user < matrix.rows; ++user) {
    const auto columns = matrix.RowColumns(user);
    const auto values = matrix.RowValues(user);
    for (size_t at = 0; at < columns.size(); ++at) {
      blocks_[of_user[user] * kCount + of_item[columns[at]]].push_back({user, columns[at], values[at]});
    }
  }
  arena.ParallelFor(kCount * kCount, 1, [&](int64_t block, int64_t) {
    Shuffle(Random::Fork(seed, 2 + static_cast<uint64_t>(block)), &blocks_[static_cast<size_t>(block)]);
  });
  std::iota(rounds_.begin(), rounds_.end(), 0u);
  Shuffle(Random::Fork(seed, 2 + kCount * kCount), &rounds_);
}

void Strata::ForEachBlock(
    Arena& arena, const std::function<void(uint32_t user_stratum, uint32_t item_stratum)>& learn) const {
  for (const uint32_t round : rounds_) {
    arena.ParallelFor(kCount, 1, [&](int64_t stratum, int64_t) {
      const uint32_t users = static_cast<uint32_t>(stratum);
      learn(users, (users + round) % kCount);
    });
  }
}

}  // namespace ridgeline
