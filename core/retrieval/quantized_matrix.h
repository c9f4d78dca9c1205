#ifndef RIDGELINE_CORE_RETRIEVAL_QUANTIZED_MATRIX_H_
#define RIDGELINE_CORE_RETRIEVAL_QUANTIZED_MATRIX_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "core/base/page_memory.h"
#include "core/base/parallel.h"
#include "core/kernels/code_scan.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// One side's rows as integer codes with bounds of their errors, a quarter of the factors' size, in an order
/// in which rows that score high come early: a scan then soon knows what the rest must reach, and skips
/// blocks whose norm cannot. Immutable, thus thread-safe.
class QuantizedMatrix {
 public:
  /// The rows of `matrix`, read only during the call. The order is by typical_norm |y_i| + b_i, which is the
  /// most that a query of that norm can score. `arena` shares the work, null: the caller alone does it. The
  /// result does not depend on the number of threads.
  QuantizedMatrix(const FactorMatrix& matrix, float typical_norm, Arena* arena);

  /// The same of `rows` of `matrix` only, distinct; RowAt speaks of rows of `matrix`, and PositionOf may not
  /// be asked.
  QuantizedMatrix(const FactorMatrix& matrix, std::vector<uint32_t> rows, float typical_norm, Arena* arena);

  /// How many rows there are, without padding.
  uint32_t rows() const { return static_cast<uint32_t>(order_.size()); }

  /// Blocks of kCodeBlockRows positions.
  int64_t blocks() const { return static_cast<int64_t>(blocks_.size()); }

  /// The row at `position` < rows() of the order.
  uint32_t RowAt(uint32_t position) const { return order_[position]; }

  /// What it takes in memory.
  size_t bytes() const;

  /// Where row `row` < rows() is in the order.
  uint32_t PositionOf(uint32_t row) const { return positions_[row]; }

  /// Bounds of the norms and biases of the rows from `block` on: below a floor, no block behind reaches it
  /// either.
  const kernels::CodeBlock& BoundsFrom(size_t block) const { return tails_[block]; }

  /// What the kernel scans; valid as long as this is.
  kernels::CodeMatrix codes() const;

  /// The same without biases, for cosines.
  kernels::CodeMatrix codes_without_biases() const;

 private:
  // What the order and the bounds of a block are made of, told from one row.
  struct Measure {
    float most;  // typical_norm |y_i| + b_i
    uint32_t row;
    float largest;  // LargestMagnitude
    double norm;
  };

  // Orders order_ by falling `most`, rows of equal bounds ascending; the measures in that order.
  std::vector<Measure> Order(const FactorMatrix& matrix, float typical_norm, Arena* arena);
  void EncodeBlock(const FactorMatrix& matrix, const std::vector<Measure>& measures, int64_t block);
  void BoundTails();

  int groups_;
  std::vector<uint32_t> order_;      // [rows]
  std::vector<uint32_t> positions_;  // [rows] the inverse of the order; empty when only some rows are coded
  PageVector<uint8_t> codes_;        // [tiles x groups x 16 x 4]
  std::vector<float> biases_;        // [blocks x 64], empty when all are 0
  std::vector<kernels::CodeBlock> blocks_;
  std::vector<kernels::CodeBlock> tails_;  // [blocks]
};

/// The Euclidean length of `vector`, summed in double.
double Norm(absl::Span<const float> vector);

/// The largest of the magnitudes in `vector`, 0 when it is empty.
float LargestMagnitude(absl::Span<const float> vector);

/// The least float that is not below `value`.
float RoundedUp(double value);

/// The largest float that is not above `value`, which is not negative.
float RoundedDown(double value);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_RETRIEVAL_QUANTIZED_MATRIX_H_
