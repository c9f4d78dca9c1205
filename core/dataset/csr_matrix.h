#ifndef RIDGELINE_CORE_DATASET_CSR_MATRIX_H_
#define RIDGELINE_CORE_DATASET_CSR_MATRIX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace ridgeline {

/// A sparse matrix in compressed rows. A plain value; columns of a row are in ascending order and distinct.
struct CsrMatrix {
  uint32_t rows = 0;
  uint32_t columns = 0;
  std::vector<int64_t> offsets = {0};    ///< [rows + 1]
  std::vector<uint32_t> column_indices;  ///< [entries]
  std::vector<float> values;             ///< [entries]

  int64_t entries() const { return offsets.back(); }
  int64_t RowEntries(uint32_t row) const { return offsets[size_t{row} + 1] - offsets[row]; }

  absl::Span<const uint32_t> RowColumns(uint32_t row) const {
    return absl::MakeConstSpan(column_indices)
        .subspan(static_cast<size_t>(offsets[row]), static_cast<size_t>(RowEntries(row)));
  }
  absl::Span<const float> RowValues(uint32_t row) const {
    return absl::MakeConstSpan(values).subspan(static_cast<size_t>(offsets[row]),
                                               static_cast<size_t>(RowEntries(row)));
  }
};

/// How many entries each row has, [rows].
std::vector<float> CountEntries(const CsrMatrix& matrix);

/// The transpose, [columns x rows], by one counting pass and one scatter.
CsrMatrix Transpose(const CsrMatrix& matrix);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_DATASET_CSR_MATRIX_H_
