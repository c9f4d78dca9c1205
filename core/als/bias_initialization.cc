#include "core/als/bias_initialization.h"

#include <cstdint>
#include <numeric>

namespace ridgeline {

std::vector<float> SolveBiases(const CsrMatrix& matrix, double global_mean,
                               const std::vector<float>& other_biases, double regularization) {
  std::vector<float> biases(matrix.rows, 0.0f);
  for (uint32_t row = 0; row < matrix.rows; ++row) {
    const auto columns = matrix.RowColumns(row);
    const auto values = matrix.RowValues(row);
    if (columns.empty()) continue;
    double sum = 0.0;
    for (size_t entry = 0; entry < columns.size(); ++entry) {
      sum += values[entry] - global_mean - other_biases[columns[entry]];
    }
    biases[row] = static_cast<float>(sum / (static_cast<double>(columns.size()) + regularization));
  }
  return biases;
}

double MeanValue(const CsrMatrix& matrix) {
  if (matrix.entries() == 0) return 0.0;
  return std::accumulate(matrix.values.begin(), matrix.values.end(), 0.0) /
         static_cast<double>(matrix.entries());
}

}  // namespace ridgeline
