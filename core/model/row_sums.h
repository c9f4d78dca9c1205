#ifndef RIDGELINE_CORE_MODEL_ROW_SUMS_H_
#define RIDGELINE_CORE_MODEL_ROW_SUMS_H_

#include <cstddef>
#include <vector>

#include "core/model/factor_model.h"

namespace ridgeline {

/// Sums over rows of one side, with factors f [K] and bias b: what the biases of an implicit model add to
/// the sums over all user-item pairs beyond the Gramian. A plain value.
struct RowSums {
  double rows = 0.0;
  std::vector<double> factors;         ///< [K] sum f
  std::vector<double> biased_factors;  ///< [K] sum b f
  double biases = 0.0;                 ///< sum b
  double squared_biases = 0.0;         ///< sum b^2
};

/// Over the first `rows` of `matrix`.
RowSums SumRows(const FactorMatrix& matrix, size_t rows);

/// Over all of them.
inline RowSums SumRows(const FactorMatrix& matrix) {
  return SumRows(matrix, matrix.rows());
}

/// sum h h^T, [K + 1 x K + 1] row-major, with h = (f, 1): `gramian` [K x K] of the same rows, extended.
std::vector<float> ExtendedGramian(const std::vector<double>& gramian, const RowSums& sums);

/// sum b h, [K + 1]: what a missing value taken for 0 leaves on the right side of the other side's rows.
std::vector<float> BiasMoment(const RowSums& sums);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_ROW_SUMS_H_
