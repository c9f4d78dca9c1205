#include "core/als/row_schedule.h"

#include <algorithm>
#include <numeric>

namespace ridgeline {
namespace {

// Enough for any number of threads to even out, few enough to hand out cheaply.
constexpr double kBlocks = 512.0;
// A cancellation is seen once a block.
constexpr int64_t kMaxBlockRows = 4096;

// Multiplications to sum up and factor one row's system, in the smaller of its two spaces.
double Work(int64_t entries, int dimension) {
  if (entries == 0) return 1.0;
  const double smaller = std::min<double>(static_cast<double>(entries), dimension);
  const double larger = std::max<double>(static_cast<double>(entries), dimension);
  return smaller * smaller * (larger + smaller / 3.0);
}

}  // namespace

std::vector<RowBlock> ScheduleRows(const CsrMatrix& matrix, int dimension) {
  double total = 0.0;
  for (uint32_t row = 0; row < matrix.rows; ++row) total += Work(matrix.RowEntries(row), dimension);
  std::vector<RowBlock> blocks;
  std::vector<double> works;
  for (uint32_t row = 0; row < matrix.rows; ++row) {
    const bool full = blocks.empty() || works.back() >= total / kBlocks ||
                      blocks.back().end - blocks.back().begin >= kMaxBlockRows;
    if (full) {
      blocks.push_back({row, row});
      works.push_back(0.0);
    }
    blocks.back().end = int64_t{row} + 1;
    works.back() += Work(matrix.RowEntries(row), dimension);
  }
  std::vector<size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return works[a] > works[b]; });
  std::vector<RowBlock> scheduled;
  scheduled.reserve(blocks.size());
  for (const size_t at : order) scheduled.push_back(blocks[at]);
  return scheduled;
}

}  // namespace ridgeline
