#ifndef RIDGELINE_CORE_KERNELS_DOUBLE_SOLVER_H_
#define RIDGELINE_CORE_KERNELS_DOUBLE_SOLVER_H_

#include <cmath>
#include <limits>

#include "Eigen/Cholesky"
#include "Eigen/Core"
#include "core/kernels/kernels.h"

/// The row solve for the rare system that float32 cannot tell from a singular one.
namespace ridgeline::kernels {
namespace {

/// The matrix of `system` and its right side, an entry at a time.
inline void SumUpInDouble(const RowSystem& system, Eigen::MatrixXd& matrix, Eigen::VectorXd& side) {
  const int size = system.dimension();
  for (int k = 0; k < size; ++k) {
    matrix(k, k) = system.ridge[k];
    if (system.base_diagonal != nullptr) matrix(k, k) += double{system.base_scale} * system.base_diagonal[k];
  }
  if (system.base != nullptr) {
    const Eigen::Map<const Eigen::MatrixXf> base(system.base, size, size);
    matrix += double{system.base_scale} * base.cast<double>();
  }
  Eigen::VectorXd row = Eigen::VectorXd::Ones(size);
  for (int64_t entry = 0; entry < system.entries; ++entry) {
    const Eigen::Map<const Eigen::VectorXf> factors(system.factor_row(entry), system.factor_count);
    row.head(system.factor_count) = factors.cast<double>();
    const double weight = system.weights == nullptr ? 1.0 : system.weights[entry];
    matrix.selfadjointView<Eigen::Lower>().rankUpdate(row, weight);
    if (system.right_side == nullptr) side += double{system.targets[entry]} * row;
  }
  if (system.right_side != nullptr) {
    side = Eigen::Map<const Eigen::VectorXf>(system.right_side, size).cast<double>();
  }
}

/// SolveRow in double. False when the matrix is singular to double's precision or the solution not finite.
inline bool SolveInDouble(const RowSystem& system, float* solution) {
  const int size = system.dimension();
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(size, size);
  Eigen::VectorXd side = Eigen::VectorXd::Zero(size);
  SumUpInDouble(system, matrix, side);
  const double largest = matrix.diagonal().maxCoeff();
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> cholesky(matrix);
  if (cholesky.info() != Eigen::Success) return false;
  const double smallest = std::pow(matrix.diagonal().minCoeff(), 2);
  if (!(smallest > std::numeric_limits<double>::epsilon() * size * largest)) return false;
  cholesky.solveInPlace(side);
  Eigen::Map<Eigen::VectorXf> result(solution, size);
  result = side.cast<float>();
  return result.allFinite();
}

}  // namespace
}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_DOUBLE_SOLVER_H_
