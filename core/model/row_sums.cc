#include "core/model/row_sums.h"

#include <cstddef>
#include <cstdint>

namespace ridgeline {

RowSums SumRows(const FactorMatrix& matrix, size_t rows) {
  const size_t factors = static_cast<size_t>(matrix.factors);
  RowSums sums;
  sums.rows = static_cast<double>(rows);
  sums.factors.assign(factors, 0.0);
  sums.biased_factors.assign(factors, 0.0);
  for (uint32_t row = 0; row < rows; ++row) {
    const double bias = matrix.biases[row];
    const float* values = matrix.values.data() + row * factors;
    for (size_t k = 0; k < factors; ++k) {
      sums.factors[k] += values[k];
      sums.biased_factors[k] += bias * values[k];
    }
    sums.biases += bias;
    sums.squared_biases += bias * bias;
  }
  return sums;
}

std::vector<float> ExtendedGramian(const std::vector<double>& gramian, const RowSums& sums) {
  const size_t factors = sums.factors.size();
  std::vector<float> extended;
  extended.reserve((factors + 1) * (factors + 1));
  for (size_t row = 0; row < factors; ++row) {
    extended.insert(extended.end(), gramian.begin() + static_cast<ptrdiff_t>(row * factors),
                    gramian.begin() + static_cast<ptrdiff_t>((row + 1) * factors));
    extended.push_back(static_cast<float>(sums.factors[row]));
  }
  extended.insert(extended.end(), sums.factors.begin(), sums.factors.end());
  extended.push_back(static_cast<float>(sums.rows));
  return extended;
}

std::vector<float> BiasMoment(const RowSums& sums) {
  std::vector<float> moment(sums.biased_factors.begin(), sums.biased_factors.end());
  moment.push_back(static_cast<float>(sums.biases));
  return moment;
}

}  // namespace ridgeline
