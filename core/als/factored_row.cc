#include "core/als/factored_row.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/status/status.h"

namespace ridgeline {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Rows gathered for one product.
constexpr int64_t kGatheredRows = 128;

// Row `entry` of the system, times the root of its weight.
Eigen::RowVectorXd WeightedRow(const kernels::RowSystem& system, int64_t entry) {
  Eigen::RowVectorXd row = Eigen::RowVectorXd::Ones(system.dimension());
  row.head(system.factor_count) =
      Eigen::Map<const Eigen::RowVectorXf>(system.factor_row(entry), system.factor_count).cast<double>();
  if (system.weights != nullptr) row *= std::sqrt(double{system.weights[entry]});
  return row;
}

Matrix BaseOf(const kernels::RowSystem& system) {
  const int size = system.dimension();
  Matrix base = Matrix::Zero(size, size);
  if (system.base != nullptr) {
    base = double{system.base_scale} *
           Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
               system.base, size, size)
               .cast<double>();
  }
  for (int k = 0; k < size; ++k) {
    if (system.base_diagonal != nullptr) base(k, k) += double{system.base_scale} * system.base_diagonal[k];
    base(k, k) += system.ridge[k];
  }
  return base;
}

// The lower triangle of M.
Matrix SumUp(const kernels::RowSystem& system) {
  Matrix sum = BaseOf(system);
  for (int64_t begin = 0; begin < system.entries; begin += kGatheredRows) {
    const int64_t rows = std::min(kGatheredRows, system.entries - begin);
    Matrix block(rows, system.dimension());
    for (int64_t at = 0; at < rows; ++at) block.row(at) = WeightedRow(system, begin + at);
    sum.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
  }
  return sum;
}

bool FactorInPlace(Matrix& matrix) {
  const double largest = matrix.diagonal().maxCoeff();
  const Eigen::LLT<Eigen::Ref<Matrix>> cholesky(matrix);
  if (cholesky.info() != Eigen::Success || !matrix.allFinite()) return false;
  const double smallest = std::pow(matrix.diagonal().minCoeff(), 2);
  return smallest > std::numeric_limits<double>::epsilon() * static_cast<double>(matrix.rows()) * largest;
}

std::vector<int> AllCoordinates(int dimension) {
  std::vector<int> all(static_cast<size_t>(dimension));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

// Lets `solve` change the coordinates `free` of `vector` and sets the others to 0.
template <typename SolveFree>
void OnFree(const std::vector<int>& free, absl::Span<double> vector, const SolveFree& solve) {
  Eigen::Map<Eigen::VectorXd> all(vector.data(), static_cast<Eigen::Index>(vector.size()));
  Eigen::VectorXd part = all(free);
  solve(part);
  all.setZero();
  all(free) = part;
}

Eigen::Map<const Matrix> AsMatrix(const std::vector<double>& values, size_t size) {
  return {values.data(), static_cast<Eigen::Index>(size), static_cast<Eigen::Index>(size)};
}

}  // namespace

absl::StatusOr<FactoredRow> FactoredRow::Create(const kernels::RowSystem& system) {
  return Create(system, AllCoordinates(system.dimension()));
}

absl::StatusOr<FactoredRow> FactoredRow::Create(const kernels::RowSystem& system, std::vector<int> free) {
  FactoredRow row;
  row.dimension_ = system.dimension();
  row.free_ = std::move(free);
  if (row.free_.empty()) return row;
  Matrix matrix = SumUp(system)(row.free_, row.free_);
  matrix.triangularView<Eigen::StrictlyUpper>().setZero();
  if (!FactorInPlace(matrix)) {
    return absl::InternalError("history: the matrix of its ridge system is not positive definite");
  }
  row.factor_.assign(matrix.data(), matrix.data() + matrix.size());
  return row;
}

void FactoredRow::Solve(absl::Span<double> vector) const {
  const Eigen::Map<const Matrix> factor = AsMatrix(factor_, free_.size());
  OnFree(free_, vector, [&](Eigen::VectorXd& part) {
    factor.triangularView<Eigen::Lower>().solveInPlace(part);
    factor.transpose().triangularView<Eigen::Upper>().solveInPlace(part);
  });
}

void FactoredRow::Color(absl::Span<double> noise) const {
  const Eigen::Map<const Matrix> factor = AsMatrix(factor_, free_.size());
  OnFree(free_, noise, [&](Eigen::VectorXd& part) {
    factor.transpose().triangularView<Eigen::Upper>().solveInPlace(part);
  });
}

}  // namespace ridgeline
