#include "core/dataset/csr_matrix.h"

namespace ridgeline {

std::vector<float> CountEntries(const CsrMatrix& matrix) {
  std::vector<float> counts;
  counts.reserve(matrix.rows);
  for (uint32_t row = 0; row < matrix.rows; ++row) {
    counts.push_back(static_cast<float>(matrix.RowEntries(row)));
  }
  return counts;
}

CsrMatrix Transpose(const CsrMatrix& matrix) {
  CsrMatrix result;
  result.rows = matrix.columns;
  result.columns = matrix.rows;
  result.offsets.assign(size_t{result.rows} + 1, 0);
  for (const uint32_t column : matrix.column_indices) ++result.offsets[size_t{column} + 1];
  for (size_t row = 0; row < result.rows; ++row) result.offsets[row + 1] += result.offsets[row];

  result.column_indices.resize(matrix.column_indices.size());
  result.values.resize(matrix.values.size());
  std::vector<int64_t> next(result.offsets.begin(), result.offsets.end() - 1);
  // Rows are visited in order, so the columns of each row of the result come out in ascending order.
  for (uint32_t row = 0; row < matrix.rows; ++row) {
    for (int64_t i = matrix.offsets[row]; i < matrix.offsets[size_t{row} + 1]; ++i) {
      const auto from = static_cast<size_t>(i);
      const auto to = static_cast<size_t>(next[matrix.column_indices[from]]++);
      result.column_indices[to] = row;
      result.values[to] = matrix.values[from];
    }
  }
  return result;
}

}  // namespace ridgeline
