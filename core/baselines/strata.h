#ifndef RIDGELINE_CORE_BASELINES_STRATA_H_
#define RIDGELINE_CORE_BASELINES_STRATA_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/types/span.h"
#include "core/base/parallel.h"
#include "core/dataset/csr_matrix.h"

namespace ridgeline {

/// One observed pair.
struct RatedPair {
  uint32_t user = 0;
  uint32_t item = 0;
  float value = 0.0f;
};

/// The pairs of a matrix in a grid of user strata x item strata: blocks that share neither can be learned
/// from in parallel without a conflict, so that stochastic gradient descent repeats bit for bit at any number
/// of threads (Gemulla et al. 2011). Strata are drawn from a seed. Immutable, thus thread-safe.
class Strata {
 public:
  /// Strata on either side; more than any number of threads that shares one machine's memory well.
  static constexpr uint32_t kCount = 16;

  /// Draws the strata of the rows and columns of `matrix` [users x items] and puts its pairs into their
  /// blocks, each block shuffled.
  Strata(const CsrMatrix& matrix, uint64_t seed, Arena& arena);

  /// The pairs of one block in the order in which they are learned.
  absl::Span<const RatedPair> Block(uint32_t user_stratum, uint32_t item_stratum) const {
    const std::vector<RatedPair>& block = blocks_[user_stratum * kCount + item_stratum];
    return absl::MakeConstSpan(block);
  }

  /// The items of a stratum, in no order.
  absl::Span<const uint32_t> Items(uint32_t item_stratum) const { return items_[item_stratum]; }

  /// Calls `learn(user_stratum, item_stratum)` for every block: kCount rounds in a drawn order, in each of
  /// which blocks without a common user or item run in parallel.
  void ForEachBlock(Arena& arena,
                    const std::function<void(uint32_t user_stratum, uint32_t item_stratum)>& learn) const;

 private:
  std::vector<std::vector<RatedPair>> blocks_;  // [kCount x kCount]
  std::vector<std::vector<uint32_t>> items_;    // [kCount]
  std::vector<uint32_t> rounds_;                // [kCount]
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASELINES_STRATA_H_
