#include "core/als/principal_axes.h"

#include <algorithm>
#include <cstdint>

#include "Eigen/Eigenvalues"
#include "core/als/gramian.h"
#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

constexpr int64_t kTurnedBlockRows = 512;
// An eigendecomposition costs about as much as solving so many rows of K entries.
constexpr int64_t kMinShortRows = 1000;

using SquareMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

void RotateRows(const std::vector<float>& rotation, Arena& arena, FactorMatrix* matrix) {
  arena.ParallelFor(static_cast<int64_t>(matrix->rows()), kTurnedBlockRows, [&](int64_t begin, int64_t end) {
    kernels::RotateRows(rotation.data(), end - begin, matrix->factors,
                        matrix->values.data() + begin * matrix->factors);
  });
}

}  // namespace

bool PrincipalAxesPay(const CsrMatrix& matrix, int factors) {
  int64_t short_rows = 0;
  for (uint32_t row = 0; row < matrix.rows; ++row) {
    const int64_t entries = matrix.RowEntries(row);
    if (entries > 0 && entries < factors) ++short_rows;
  }
  return short_rows >= kMinShortRows;
}

std::vector<float> TurnToPrincipalAxes(Arena& arena, FactorMatrix* matrix, FactorMatrix* companion) {
  const int64_t factors = matrix->factors;
  const std::vector<double> gramian = ParallelGramian(*matrix, arena);
  const Eigen::SelfAdjointEigenSolver<SquareMatrix> axes(
      Eigen::Map<const SquareMatrix>(gramian.data(), factors, factors));
  std::vector<float> rotation(gramian.size());
  std::vector<float> diagonal(static_cast<size_t>(factors));
  for (int64_t axis = 0; axis < factors; ++axis) {
    const int64_t column = factors - 1 - axis;  // Eigen sorts by rising eigenvalue
    diagonal[axis] = static_cast<float>(std::max(axes.eigenvalues()[column], 0.0));
    for (int64_t k = 0; k < factors; ++k) {
      rotation[k * factors + axis] = static_cast<float>(axes.eigenvectors()(k, column));
    }
  }
  RotateRows(rotation, arena, matrix);
  if (companion != nullptr && companion->factors == matrix->factors) RotateRows(rotation, arena, companion);
  return diagonal;
}

}  // namespace ridgeline
