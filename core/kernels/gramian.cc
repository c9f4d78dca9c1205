#include <algorithm>
#include <cstdint>

#include "Eigen/Core"
#include "core/kernels/kernels.h"

namespace ridgeline::kernels {
namespace {

// Rows summed in float32 before they are added in double.
constexpr int64_t kBlockRows = 256;

}  // namespace

void AddGramian(const float* factors, int64_t rows, int factor_count, double* gramian) {
  if (factor_count == 0) return;
  Eigen::MatrixXf block(factor_count, factor_count);
  Eigen::Map<Eigen::MatrixXd> sum(gramian, factor_count, factor_count);
  for (int64_t begin = 0; begin < rows; begin += kBlockRows) {
    const int64_t count = std::min(kBlockRows, rows - begin);
    // A row-major [count x K] block is its transpose to Eigen, which stores columns.
    const Eigen::Map<const Eigen::MatrixXf> columns(factors + begin * factor_count, factor_count, count);
    block.setZero();
    block.selfadjointView<Eigen::Lower>().rankUpdate(columns);
    sum.triangularView<Eigen::Lower>() += block.cast<double>();
  }
  sum.triangularView<Eigen::StrictlyUpper>() = sum.transpose();
}

}  // namespace ridgeline::kernels
