#ifndef RIDGELINE_CORE_KERNELS_PRODUCT_H_
#define RIDGELINE_CORE_KERNELS_PRODUCT_H_

#include <algorithm>
#include <cstdint>

#include "core/kernels/lanes.h"

/// The matrix product that both the summing up of a row's system and its Cholesky factorization consist of.
/// A register tile of the result is kept while the rows of the factor stream by (Goto, van de Geijn 2008).
namespace ridgeline::kernels {
namespace {

/// Sides of matrices are padded to this many floats: a cache line, and a whole number of lanes at each level.
inline constexpr int64_t kPanel = 16;

inline constexpr int64_t PadToPanel(int64_t size) {
  return (size + kPanel - 1) / kPanel * kPanel;
}

// As many accumulators as leave registers for the streaming rows: 8 x 3 of 32, or 4 x 3 of 16.
inline constexpr int kTileRows = kLanes == 16 ? 8 : 4;
inline constexpr int kTileVectors = 3;

/// How a product is combined with what the result holds.
enum class Accumulation { kAdd, kSubtract };

/// result [rows x columns] += or -= left^T right. Rows of all three are padded to kPanel floats.
struct ProductOperands {
  const float* left = nullptr;  ///< [depth x left_stride]
  int64_t left_stride = 0;
  const float* right = nullptr;  ///< [depth x right_stride]
  int64_t right_stride = 0;
  int64_t depth = 0;
  float* result = nullptr;  ///< [rows x result_stride]
  int64_t result_stride = 0;
};

/// The operands of a product of `factor` [depth x stride] with itself.
inline ProductOperands SymmetricOperands(const float* factor, int64_t stride, int64_t depth, float* result,
                                         int64_t result_stride) {
  return {factor, stride, factor, stride, depth, result, result_stride};
}

template <Accumulation kAccumulation, int kVectors>
inline void ProductTile(const ProductOperands& operands, int64_t row, int64_t column) {
  Lanes sums[kTileRows][kVectors] = {};
  const float* left = operands.left + row;
  const float* right = operands.right + column;
  for (int64_t k = 0; k < operands.depth; ++k) {
    Lanes vectors[kVectors];
#pragma GCC unroll 3
    for (int v = 0; v < kVectors; ++v) vectors[v] = Load(right + v * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < kTileRows; ++r) {
      const Lanes scalar = Broadcast(left[r]);
#pragma GCC unroll 3
      for (int v = 0; v < kVectors; ++v) sums[r][v] += scalar * vectors[v];
    }
    left += operands.left_stride;
    right += operands.right_stride;
  }
#pragma GCC unroll 8
  for (int r = 0; r < kTileRows; ++r) {
    float* result = operands.result + (row + r) * operands.result_stride + column;
#pragma GCC unroll 3
    for (int v = 0; v < kVectors; ++v) {
      const Lanes before = Load(result + v * kLanes);
      Store(kAccumulation == Accumulation::kAdd ? before + sums[r][v] : before - sums[r][v],
            result + v * kLanes);
    }
  }
}

/// The tiles of the rows at `row` from `column` on, a multiple of kLanes, up to `columns`.
template <Accumulation kAccumulation>
inline void ProductTiles(const ProductOperands& operands, int64_t row, int64_t column, int64_t columns) {
  int64_t vectors = (columns - column + kLanes - 1) / kLanes;
  while (vectors > 0) {
    // Four are better split evenly than three and one.
    const int64_t count = vectors == 4 ? 2 : std::min<int64_t>(vectors, kTileVectors);
    if (count == 3) {
      ProductTile<kAccumulation, 3>(operands, row, column);
    } else if (count == 2) {
      ProductTile<kAccumulation, 2>(operands, row, column);
    } else {
      ProductTile<kAccumulation, 1>(operands, row, column);
    }
    column += count * kLanes;
    vectors -= count;
  }
}

/// The product for `row_begin` <= i < `row_end` (row_begin a multiple of kPanel) and i <= j < `columns`.
/// Whole tiles are written: a few entries left of the diagonal and of the padding change too. `meanwhile` is
/// called before each row of tiles: what it asks memory for arrives while the processor multiplies.
template <Accumulation kAccumulation, typename Meanwhile>
inline void UpperProduct(const ProductOperands& operands, int64_t row_begin, int64_t row_end, int64_t columns,
                         Meanwhile meanwhile) {
  for (int64_t row = row_begin; row < row_end; row += kTileRows) {
    meanwhile();
    ProductTiles<kAccumulation>(operands, row, row / kLanes * kLanes, columns);
  }
}

template <Accumulation kAccumulation>
inline void UpperProduct(const ProductOperands& operands, int64_t row_begin, int64_t row_end,
                         int64_t columns) {
  UpperProduct<kAccumulation>(operands, row_begin, row_end, columns, [] {});
}

/// The whole product, for i < `rows` and j < `columns`.
template <Accumulation kAccumulation>
inline void FullProduct(const ProductOperands& operands, int64_t rows, int64_t columns) {
  for (int64_t row = 0; row < rows; row += kTileRows) {
    ProductTiles<kAccumulation>(operands, row, 0, columns);
  }
}

}  // namespace
}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_PRODUCT_H_
