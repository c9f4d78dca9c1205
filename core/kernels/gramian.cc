#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/kernels/allotment.h"
#include "core/kernels/kernels.h"
#include "core/kernels/product.h"

namespace ridgeline::kernels {
namespace {

// Rows summed in float32 before they are added in double.
constexpr int64_t kBlockRows = 256;

// Copies `rows` rows of `size` floats to rows that are `stride` apart.
void PadRows(const float* from, int64_t rows, int64_t size, float* to, int64_t stride) {
  for (int64_t row = 0; row < rows; ++row) std::copy_n(from + row * size, size, to + row * stride);
}

// sum += the upper triangle of `block`, whose rows are `stride` apart.
void AddUpper(const float* block, int64_t stride, int64_t size, double* sum) {
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t j = i; j < size; ++j) sum[i * size + j] += double{block[i * stride + j]};
  }
}

void MirrorUpper(int64_t size, double* matrix) {
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t j = 0; j < i; ++j) matrix[i * size + j] = matrix[j * size + i];
  }
}

}  // namespace

void AddGramian(const float* factors, int64_t rows, int factor_count, double* gramian) {
  const int64_t size = factor_count;
  const int64_t stride = PadToPanel(size);
  std::vector<float> memory;
  Allotment allotment(memory, stride * (kBlockRows + stride));
  float* const padded = allotment.Take(stride * kBlockRows);
  float* const block = allotment.Take(stride * stride);
  std::fill_n(padded, stride * kBlockRows, 0.0f);
  for (int64_t begin = 0; begin < rows; begin += kBlockRows) {
    const int64_t count = std::min(kBlockRows, rows - begin);
    PadRows(factors + begin * size, count, size, padded, stride);
    std::fill_n(block, stride * stride, 0.0f);
    UpperProduct<Accumulation::kAdd>(SymmetricOperands(padded, stride, count, block, stride), 0, size, size);
    AddUpper(block, stride, size, gramian);
  }
  MirrorUpper(size, gramian);
}

}  // namespace ridgeline::kernels
