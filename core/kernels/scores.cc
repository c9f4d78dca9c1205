#include <cstdint>
#include <cstring>

#include "core/kernels/kernels.h"
#include "core/kernels/lanes.h"

namespace ridgeline::kernels {
namespace {

// The compiler may not reorder a float sum by itself, so the order is spelled out: sums side by side, a
// register's width each, halved until one is left.
using Float4 = float __attribute__((vector_size(16)));
using Float8 = float __attribute__((vector_size(32)));
using Float16 = float __attribute__((vector_size(64)));

// a[i] b[i] in each lane, from any address.
template <typename Vector>
inline Vector Product(const float* a, const float* b) {
  Vector left, right;
  std::memcpy(&left, a, sizeof(left));
  std::memcpy(&right, b, sizeof(right));
  return left * right;
}

// A level without registers this wide calls neither.
[[maybe_unused]] inline Float4 Halve(Float8 sum) {
  return __builtin_shufflevector(sum, sum, 0, 1, 2, 3) + __builtin_shufflevector(sum, sum, 4, 5, 6, 7);
}

[[maybe_unused]] inline Float8 Halve(Float16 sum) {
  return __builtin_shufflevector(sum, sum, 0, 1, 2, 3, 4, 5, 6, 7) +
         __builtin_shufflevector(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15);
}

// The sum of the lanes plus a . b over the `size` elements left, fewer than twice the lanes.
inline float Finish(Float4 sum, const float* a, const float* b, int size) {
  int at = 0;
  if (size >= 4) {
    sum += Product<Float4>(a, b);
    at = 4;
  }
  sum += __builtin_shufflevector(sum, sum, 2, 3, 0, 1);
  float total = sum[0] + sum[1];
  for (; at < size; ++at) total += a[at] * b[at];
  return total;
}

template <typename Vector>
inline float Finish(Vector sum, const float* a, const float* b, int size) {
  constexpr int kWidth = sizeof(Vector) / sizeof(float);
  if (size < kWidth) return Finish(Halve(sum), a, b, size);
  return Finish(Halve(sum + Product<Vector>(a, b)), a + kWidth, b + kWidth, size - kWidth);
}

// Four sums hide the latency of an addition behind the next ones.
inline float DotOf(const float* a, const float* b, int size) {
  Lanes sum0 = {}, sum1 = {}, sum2 = {}, sum3 = {};
  int at = 0;
  for (; at + 4 * kLanes <= size; at += 4 * kLanes) {
    sum0 += Product<Lanes>(a + at, b + at);
    sum1 += Product<Lanes>(a + at + kLanes, b + at + kLanes);
    sum2 += Product<Lanes>(a + at + 2 * kLanes, b + at + 2 * kLanes);
    sum3 += Product<Lanes>(a + at + 3 * kLanes, b + at + 3 * kLanes);
  }
  for (; at + kLanes <= size; at += kLanes) sum0 += Product<Lanes>(a + at, b + at);
  return Finish((sum0 + sum1) + (sum2 + sum3), a + at, b + at, size - at);
}

}  // namespace

void Scores(const float* factors, const float* biases, int64_t rows, int factor_count, const float* query,
            float* scores) {
  for (int64_t row = 0; row < rows; ++row) {
    const float score = DotOf(factors + row * factor_count, query, factor_count);
    scores[row] = biases == nullptr ? score : score + biases[row];
  }
}

float Dot(const float* a, const float* b, int size) {
  return DotOf(a, b, size);
}

}  // namespace ridgeline::kernels
