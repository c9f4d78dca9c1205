#ifndef RIDGELINE_TESTS_CORE_ALS_DENSE_SYSTEM_H_
#define RIDGELINE_TESTS_CORE_ALS_DENSE_SYSTEM_H_

#include <Eigen/Dense>

#include "core/kernels/kernels.h"

namespace ridgeline {

/// The matrix of `system` by its definition, in double.
inline Eigen::MatrixXd DenseMatrix(const kernels::RowSystem& system) {
  const int size = system.dimension();
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(size, size);
  for (int i = 0; i < size; ++i) {
    matrix(i, i) = system.ridge[i];
    if (system.base_diagonal != nullptr) matrix(i, i) += double{system.base_scale} * system.base_diagonal[i];
  }
  for (int i = 0; system.base != nullptr && i < size * size; ++i) {
    matrix(i / size, i % size) += double{system.base_scale} * double{system.base[i]};
  }
  for (int64_t entry = 0; entry < system.entries; ++entry) {
    Eigen::VectorXd h = Eigen::VectorXd::Ones(size);
    for (int k = 0; k < system.factor_count; ++k) h(k) = system.factor_row(entry)[k];
    matrix += (system.weights == nullptr ? 1.0 : double{system.weights[entry]}) * h * h.transpose();
  }
  return matrix;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_ALS_DENSE_SYSTEM_H_
