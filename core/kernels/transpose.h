#ifndef RIDGELINE_CORE_KERNELS_TRANSPOSE_H_
#define RIDGELINE_CORE_KERNELS_TRANSPOSE_H_

#include <cstdint>
#include <utility>

#include "core/kernels/lanes.h"

namespace ridgeline::kernels {
namespace {

/// Where a lane of an exchanged row comes from, in the numbering of the two rows one behind the other: the
/// lower row gathers the lanes without the bit `distance` of both, the upper one those with it.
constexpr int ExchangeSource(int lane, int distance, bool upper) {
  const bool from_second = (lane & distance) != 0;
  const int source = (lane & ~distance) | (upper ? distance : 0);
  return source + (from_second ? kLanes : 0);
}

template <int kDistance, bool kUpper, int... kLane>
inline Lanes Exchanged(Lanes first, Lanes second, std::integer_sequence<int, kLane...>) {
  return __builtin_shufflevector(first, second, ExchangeSource(kLane, kDistance, kUpper)...);
}

/// Exchanges the off-diagonal halves of each pair of rows that are `kDistance` apart.
template <int kDistance>
inline void ExchangeHalves(Lanes (&rows)[kLanes]) {
  using AllLanes = std::make_integer_sequence<int, kLanes>;
#pragma GCC unroll 16
  for (int row = 0; row < kLanes; ++row) {
    if ((row & kDistance) != 0) continue;
    const Lanes first = rows[row], second = rows[row + kDistance];
    rows[row] = Exchanged<kDistance, false>(first, second, AllLanes());
    rows[row + kDistance] = Exchanged<kDistance, true>(first, second, AllLanes());
  }
}

/// Transposes a [kLanes x kLanes] block in registers, by halves of halves (Eklundh 1972).
inline void Transpose(Lanes (&rows)[kLanes]) {
  if constexpr (kLanes >= 16) ExchangeHalves<8>(rows);
  if constexpr (kLanes >= 8) ExchangeHalves<4>(rows);
  ExchangeHalves<2>(rows);
  ExchangeHalves<1>(rows);
}

/// to[j][i] = from[i][j] for a [rows x columns] matrix, both sides multiples of kLanes.
inline void TransposeMatrix(const float* from, int64_t from_stride, int64_t rows, int64_t columns, float* to,
                            int64_t to_stride) {
  for (int64_t row = 0; row < rows; row += kLanes) {
    for (int64_t column = 0; column < columns; column += kLanes) {
      Lanes block[kLanes];
      for (int i = 0; i < kLanes; ++i) block[i] = Load(from + (row + i) * from_stride + column);
      Transpose(block);
      for (int i = 0; i < kLanes; ++i) Store(block[i], to + (column + i) * to_stride + row);
    }
  }
}

}  // namespace
}  // namespace ridgeline::kernels

#endif  // RIDGELINE_CORE_KERNELS_TRANSPOSE_H_
