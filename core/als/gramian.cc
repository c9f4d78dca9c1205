#include "core/als/gramian.h"

#include <algorithm>
#include <cstdint>

#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

// At most so many partial sums, whatever the number of rows, since each takes K^2 doubles.
constexpr int64_t kMaxBlocks = 16;
constexpr int64_t kMinBlockRows = 4096;

}  // namespace

std::vector<double> ParallelGramian(const FactorMatrix& matrix, Arena& arena) {
  const size_t factors = static_cast<size_t>(matrix.factors);
  const int64_t rows = static_cast<int64_t>(matrix.rows());
  const int64_t block_rows = std::max(kMinBlockRows, (rows + kMaxBlocks - 1) / kMaxBlocks);
  std::vector<std::vector<double>> blocks(static_cast<size_t>((rows + block_rows - 1) / block_rows));
  arena.ParallelFor(rows, block_rows, [&](int64_t begin, int64_t end) {
    std::vector<double>& sum = blocks[static_cast<size_t>(begin / block_rows)];
    sum.assign(factors * factors, 0.0);
    kernels::AddGramian(matrix.values.data() + begin * matrix.factors, end - begin, matrix.factors,
                        sum.data());
  });
  std::vector<double> gramian(factors * factors, 0.0);
  for (const std::vector<double>& sum : blocks) {
    for (size_t at = 0; at < gramian.size(); ++at) gramian[at] += sum[at];
  }
  return gramian;
}

}  // namespace ridgeline
