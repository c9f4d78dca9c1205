#ifndef RIDGELINE_CORE_KERNELS_CHOLESKY_H_
#define RIDGELINE_CORE_KERNELS_CHOLESKY_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/kernels/lanes.h"
#include "core/kernels/product.h"
#include "core/kernels/transpose.h"

/// Cholesky factorization A = U^T U of a symmetric matrix of a few hundred rows, and the solve with it, in
/// float32. Left-looking by panels of kPanel rows. The inverse of each diagonal block is made along with its
/// factor, so that everything after it is a product without a chain of dependent divisions.
namespace ridgeline::kernels {
namespace {

inline constexpr int64_t kPanelBlock = kPanel * kPanel;
inline constexpr int kPanelVectors = static_cast<int>(kPanel) / kLanes;

/// The memory of a factorization. All parts are aligned to kPanel floats.
struct CholeskyMemory {
  int64_t size = 0;           ///< of the matrix
  int64_t stride = 0;         ///< PadToPanel(size)
  float* matrix = nullptr;    ///< [stride x stride], row-major; the upper triangle is read, becomes U
  float* inverses = nullptr;  ///< [stride / kPanel x 2 x kPanel x kPanel], see PanelInverse
};

/// How many floats `inverses` takes.
inline constexpr int64_t CholeskyInverseFloats(int64_t size) {
  return PadToPanel(size) / kPanel * 2 * kPanelBlock;
}

/// U_JJ^-T (lower triangle) of the panel that begins at `begin`, and behind it its transpose; row-major.
inline float* PanelInverse(const CholeskyMemory& memory, int64_t begin) {
  return memory.inverses + begin / kPanel * 2 * kPanelBlock;
}

/// A row of a diagonal block in registers.
struct PanelRow {
  Lanes vectors[kPanelVectors];

  void SubtractScaled(float scale, const PanelRow& other) {
    for (int v = 0; v < kPanelVectors; ++v) vectors[v] -= scale * other.vectors[v];
  }
  void StoreScaled(float scale, float* to) const {
    for (int v = 0; v < kPanelVectors; ++v) Store(scale * vectors[v], to + v * kLanes);
  }
};

/// Factors the diagonal block at `begin` of `rows` <= kPanel rows in place and writes its inverse.
/// Elimination without roots (L D L^T), on the identity beside it as well; the rows are scaled to U and U^-T
/// at the end.
inline bool FactorDiagonalBlock(const CholeskyMemory& memory, int64_t begin, int64_t rows, float* smallest) {
  alignas(64) float upper[kPanelBlock];
  alignas(64) float inverse[kPanelBlock] = {};
  float* const corner = memory.matrix + begin * memory.stride + begin;
  for (int64_t i = 0; i < rows; ++i) {
    std::memcpy(upper + i * kPanel, corner + i * memory.stride, kPanel * sizeof(float));
    inverse[i * kPanel + i] = 1.0f;
  }
  float pivots[kPanel];
  for (int64_t k = 0; k < rows; ++k) {
    const float pivot = upper[k * kPanel + k];
    if (!(pivot > 0.0f)) return false;
    pivots[k] = pivot;
    const float reciprocal = 1.0f / pivot;
    PanelRow eliminated, eliminated_inverse;
    std::memcpy(&eliminated, upper + k * kPanel, sizeof(PanelRow));
    std::memcpy(&eliminated_inverse, inverse + k * kPanel, sizeof(PanelRow));
    for (int64_t i = k + 1; i < rows; ++i) {
      const float scale = upper[k * kPanel + i] * reciprocal;
      PanelRow row;
      std::memcpy(&row, upper + i * kPanel, sizeof(PanelRow));
      row.SubtractScaled(scale, eliminated);
      std::memcpy(upper + i * kPanel, &row, sizeof(PanelRow));
      std::memcpy(&row, inverse + i * kPanel, sizeof(PanelRow));
      row.SubtractScaled(scale, eliminated_inverse);
      std::memcpy(inverse + i * kPanel, &row, sizeof(PanelRow));
    }
  }
  float* const kept = PanelInverse(memory, begin);
  std::memset(kept, 0, kPanelBlock * sizeof(float));
  for (int64_t k = 0; k < rows; ++k) {
    *smallest = std::min(*smallest, pivots[k]);
    const float scale = 1.0f / std::sqrt(pivots[k]);
    PanelRow row;
    std::memcpy(&row, upper + k * kPanel, sizeof(PanelRow));
    row.StoreScaled(scale, corner + k * memory.stride);
    std::memcpy(&row, inverse + k * kPanel, sizeof(PanelRow));
    row.StoreScaled(scale, kept + k * kPanel);
  }
  TransposeMatrix(kept, kPanel, kPanel, kPanel, kept + kPanelBlock, kPanel);
  return true;
}

/// U_J,columns = U_JJ^-T A_J,columns for the lanes at `column`.
inline void SolvePanelColumns(const CholeskyMemory& memory, int64_t begin, int64_t rows, int64_t column) {
  const float* const inverse = PanelInverse(memory, begin);
  float* const panel = memory.matrix + begin * memory.stride + column;
  Lanes before[kPanel];
  for (int64_t k = 0; k < rows; ++k) before[k] = Load(panel + k * memory.stride);
  for (int64_t i = 0; i < rows; ++i) {
    Lanes even = {}, odd = {};
    int64_t k = 0;
    for (; k + 1 <= i; k += 2) {
      even += inverse[i * kPanel + k] * before[k];
      odd += inverse[i * kPanel + k + 1] * before[k + 1];
    }
    if (k <= i) even += inverse[i * kPanel + k] * before[k];
    Store(even + odd, panel + i * memory.stride);
  }
}

/// Factors `memory.matrix` in place. `smallest` becomes the smallest pivot. False when one is not positive.
inline bool FactorCholesky(const CholeskyMemory& memory, float* smallest) {
  const int64_t size = memory.size;
  *smallest = memory.matrix[0];
  for (int64_t begin = 0; begin < size; begin += kPanel) {
    const int64_t end = std::min(begin + kPanel, size);
    const ProductOperands update =
        SymmetricOperands(memory.matrix, memory.stride, begin, memory.matrix, memory.stride);
    if (begin > 0) UpperProduct<Accumulation::kSubtract>(update, begin, end, size);
    if (!FactorDiagonalBlock(memory, begin, end - begin, smallest)) return false;
    for (int64_t column = begin + kPanel; column < size; column += kLanes) {
      SolvePanelColumns(memory, begin, end - begin, column);
    }
  }
  return true;
}

/// side[begin ..] = `block` side[begin ..], where `columns` holds the columns of the block as rows.
inline void MultiplyPanel(const float* columns, const Lanes (&before)[kPanelVectors], float* side) {
  alignas(64) float scalars[kPanel];
  for (int v = 0; v < kPanelVectors; ++v) Store(before[v], scalars + v * kLanes);
  Lanes sums[4][kPanelVectors] = {};
  for (int64_t k = 0; k < kPanel; k += 4) {
    for (int s = 0; s < 4; ++s) {
      for (int v = 0; v < kPanelVectors; ++v) {
        sums[s][v] += scalars[k + s] * Load(columns + (k + s) * kPanel + v * kLanes);
      }
    }
  }
  for (int v = 0; v < kPanelVectors; ++v) {
    Store((sums[0][v] + sums[1][v]) + (sums[2][v] + sums[3][v]), side + v * kLanes);
  }
}

/// side = U^-T side, [stride] with zeros behind `size`.
inline void SolveForward(const CholeskyMemory& memory, float* side) {
  for (int64_t begin = 0; begin < memory.size; begin += kPanel) {
    Lanes sums[2][kPanelVectors] = {};
    for (int64_t k = 0; k < begin; k += 2) {
      for (int s = 0; s < 2; ++s) {
        const float* row = memory.matrix + (k + s) * memory.stride + begin;
        for (int v = 0; v < kPanelVectors; ++v) sums[s][v] += side[k + s] * Load(row + v * kLanes);
      }
    }
    Lanes before[kPanelVectors];
    for (int v = 0; v < kPanelVectors; ++v) {
      before[v] = Load(side + begin + v * kLanes) - (sums[0][v] + sums[1][v]);
    }
    MultiplyPanel(PanelInverse(memory, begin) + kPanelBlock, before, side + begin);
  }
}

/// The products of kLanes rows of U from `row` on with the solved part of `side`, which begins at `solved`.
inline Lanes SolvedProducts(const CholeskyMemory& memory, int64_t row, int64_t solved, const float* side) {
  Lanes sums[kLanes] = {};
  for (int64_t column = solved; column < memory.stride; column += kLanes) {
    const Lanes values = Load(side + column);
    for (int i = 0; i < kLanes; ++i) {
      sums[i] += Load(memory.matrix + (row + i) * memory.stride + column) * values;
    }
  }
  Transpose(sums);
  Lanes total = sums[0];
  for (int i = 1; i < kLanes; ++i) total += sums[i];
  return total;
}

/// side = U^-1 side.
inline void SolveBackward(const CholeskyMemory& memory, float* side) {
  for (int64_t begin = memory.stride - kPanel; begin >= 0; begin -= kPanel) {
    Lanes before[kPanelVectors];
    for (int v = 0; v < kPanelVectors; ++v) {
      const int64_t row = begin + v * kLanes;
      before[v] = Load(side + row);
      if (begin + kPanel < memory.stride) {
        before[v] -= SolvedProducts(memory, row, begin + kPanel, side);
      }
    }
    MultiplyPanel(PanelInverse(memory, begin), before, side + begin);
  }
}

}  // namespace
}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_CHOLESKY_H_
