#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/kernels/allotment.h"
#include "core/kernels/kernels.h"
#include "core/kernels/product.h"
#include "core/kernels/transpose.h"

namespace ridgeline::kernels {
namespace {

constexpr int64_t kBlockRows = 64;

}  // namespace

void RotateRows(const float* rotation, int64_t rows, int factor_count, float* factors) {
  const int64_t size = factor_count;
  const int64_t stride = PadToPanel(size);
  std::vector<float> memory;
  Allotment allotment(memory, stride * (stride + 3 * kBlockRows));
  float* const right = allotment.Take(stride * stride);
  float* const padded = allotment.Take(stride * kBlockRows);
  float* const left = allotment.Take(stride * kBlockRows);
  float* const result = allotment.Take(stride * kBlockRows);
  std::fill_n(right, stride * (stride + kBlockRows), 0.0f);
  for (int64_t k = 0; k < size; ++k) std::copy_n(rotation + k * size, size, right + k * stride);
  for (int64_t begin = 0; begin < rows; begin += kBlockRows) {
    const int64_t count = std::min(kBlockRows, rows - begin);
    float* const block = factors + begin * size;
    for (int64_t row = 0; row < count; ++row) std::copy_n(block + row * size, size, padded + row * stride);
    TransposeMatrix(padded, stride, kBlockRows, stride, left, kBlockRows);
    std::fill_n(result, stride * kBlockRows, 0.0f);
    FullProduct<Accumulation::kAdd>({left, kBlockRows, right, stride, size, result, stride}, count, size);
    for (int64_t row = 0; row < count; ++row) std::copy_n(result + row * stride, size, block + row * size);
  }
}

}  // namespace ridgeline::kernels
