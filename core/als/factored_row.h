#ifndef RIDGELINE_CORE_ALS_FACTORED_ROW_H_
#define RIDGELINE_CORE_ALS_FACTORED_ROW_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/kernels/kernels.h"

namespace ridgeline {

/// The matrix of one row's ridge system, M = base_scale base + sum_j weight_j h_j h_j^T + diag(ridge), as its
/// Cholesky factor M = L L^T in double: summed up and factored once, then each vector costs K^2. Immutable,
/// thus thread-safe.
class FactoredRow {
 public:
  /// Of `system`, whose right side is not looked at. kInternal when M is not positive definite to double's
  /// precision or not finite.
  static absl::StatusOr<FactoredRow> Create(const kernels::RowSystem& system);

  /// The same over the coordinates `free` alone, ascending; the others are held at 0.
  static absl::StatusOr<FactoredRow> Create(const kernels::RowSystem& system, std::vector<int> free);

  /// How many coordinates a vector has, those held at 0 included.
  int dimension() const { return dimension_; }

  /// Replaces `vector` [dimension] by M^-1 vector.
  void Solve(absl::Span<double> vector) const;

  /// Replaces `noise` [dimension] of unit covariance by L^-T noise, whose covariance is M^-1.
  void Color(absl::Span<double> noise) const;

 private:
  FactoredRow() = default;

  int dimension_ = 0;
  std::vector<int> free_;
  std::vector<double> factor_;  // [free x free], L in its lower triangle, row-major
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_FACTORED_ROW_H_
