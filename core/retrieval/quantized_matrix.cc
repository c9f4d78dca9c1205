#include "core/retrieval/quantized_matrix.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/thread_priority.h"

namespace ridgeline {
namespace {

constexpr int64_t kCodedRows = kernels::kCodeBlockRows;
constexpr int64_t kTileRows = kernels::kCodeTileRows;
constexpr int kGroup = kernels::kCodeGroup;
constexpr int64_t kBlocksOfWork = 64;

void RunBlocks(Arena* arena, int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  if (arena == nullptr) return body(0, count);
  arena->ParallelFor(count, kBlocksOfWork, body);
}

std::vector<uint32_t> AllRows(const FactorMatrix& matrix) {
  std::vector<uint32_t> rows(matrix.rows());
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

// `rows` by falling typical_norm |y_i| + b_i, rows of equal bounds ascending.
std::vector<uint32_t> OrderOf(const FactorMatrix& matrix, const std::vector<uint32_t>& rows,
                              float typical_norm, Arena* arena) {
  struct Key {
    float most;
    uint32_t row;
  };
  std::vector<Key> keys(rows.size());
  const auto count = static_cast<int64_t>(rows.size());
  RunBlocks(arena, (count + kCodedRows - 1) / kCodedRows, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * kCodedRows; i < std::min(end * kCodedRows, count); ++i) {
      const uint32_t row = rows[i];
      const double most = typical_norm * Norm(matrix.Row(row)) + matrix.biases[row];
      // Bounds that overflow are all alike: such rows come first, in the order of their numbers.
      keys[i] = {std::isfinite(most) ? static_cast<float>(most) : std::numeric_limits<float>::infinity(),
                 row};
    }
  });
  std::sort(keys.begin(), keys.end(),
            [](const Key& a, const Key& b) { return a.most != b.most ? a.most > b.most : a.row < b.row; });
  std::vector<uint32_t> order(keys.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](const Key& key) { return key.row; });
  return order;
}

// Writes the code of each value of `row` to every kTileRows x kGroup bytes from `codes` on; returns the norm
// of what the codes leave out.
double EncodeRow(absl::Span<const float> row, float scale, uint8_t* codes) {
  const double inverse = scale > 0.0f ? 1.0 / scale : 0.0;
  double left = 0.0;
  for (size_t d = 0; d < row.size(); ++d) {
    const double steps = std::nearbyint(row[d] * inverse);
    const double code = std::clamp(steps, -double{kernels::kLargestCode}, double{kernels::kLargestCode});
    codes[d / kGroup * (kTileRows * kGroup) + d % kGroup] =
        static_cast<uint8_t>(static_cast<int>(code) + kernels::kCodeZero);
    const double error = row[d] - scale * code;
    left += error * error;
  }
  return std::sqrt(left);
}

}  // namespace

double Norm(absl::Span<const float> row) {
  double sum = 0.0;
  for (const float value : row) sum += static_cast<double>(value) * value;
  return std::sqrt(sum);
}

float LargestMagnitude(absl::Span<const float> row) {
  float largest = 0.0f;
  for (const float value : row) largest = std::max(largest, std::fabs(value));
  return largest;
}

float RoundedUp(double value) {
  const auto nearest = static_cast<float>(value);
  return nearest < value ? std::nextafter(nearest, std::numeric_limits<float>::infinity()) : nearest;
}

float RoundedDown(double value) {
  const auto nearest = static_cast<float>(value);
  return nearest > value ? std::nextafter(nearest, 0.0f) : nearest;
}

QuantizedMatrix::QuantizedMatrix(const FactorMatrix& matrix, float typical_norm, Arena* arena)
    : QuantizedMatrix(matrix, AllRows(matrix), typical_norm, arena) {
  positions_.resize(order_.size());
  for (uint32_t position = 0; position < rows(); ++position) positions_[order_[position]] = position;
}

QuantizedMatrix::QuantizedMatrix(const FactorMatrix& matrix, std::vector<uint32_t> rows, float typical_norm,
                                 Arena* arena)
    : groups_((matrix.factors + kGroup - 1) / kGroup), order_(OrderOf(matrix, rows, typical_norm, arena)) {
  const int64_t blocks = (int64_t{this->rows()} + kCodedRows - 1) / kCodedRows;
  blocks_.resize(static_cast<size_t>(blocks));
  codes_.assign(static_cast<size_t>(blocks * kCodedRows * groups_ * kGroup), uint8_t{kernels::kCodeZero});
  const bool biased =
      std::any_of(matrix.biases.begin(), matrix.biases.end(), [](float b) { return b != 0.0f; });
  if (biased) biases_.resize(static_cast<size_t>(blocks * kCodedRows));
  RunBlocks(arena, blocks, [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      EncodeBlock(matrix, block);
      GiveWay();
    }
  });
  BoundTails();
}

size_t QuantizedMatrix::bytes() const {
  return sizeof(*this) + codes_.size() + biases_.size() * sizeof(float) +
         (order_.size() + positions_.size()) * sizeof(uint32_t) +
         (blocks_.size() + tails_.size()) * sizeof(kernels::CodeBlock);
}

void QuantizedMatrix::BoundTails() {
  tails_ = blocks_;
  for (size_t block = tails_.size(); block-- > 1;) {
    kernels::CodeBlock& tail = tails_[block - 1];
    tail.norm = std::max(tail.norm, tails_[block].norm);
    tail.least_norm = std::min(tail.least_norm, tails_[block].least_norm);
    tail.bias = std::max(tail.bias, tails_[block].bias);
  }
}

void QuantizedMatrix::EncodeBlock(const FactorMatrix& matrix, int64_t block) {
  const int64_t first = block * kCodedRows;
  const int64_t count = std::min(kCodedRows, int64_t{rows()} - first);
  float largest = 0.0f;
  for (int64_t i = 0; i < count; ++i)
    largest = std::max(largest, LargestMagnitude(matrix.Row(order_[first + i])));
  const float scale = largest / kernels::kLargestCode;
  double error = 0.0, norm = 0.0, least_norm = std::numeric_limits<double>::infinity();
  float bias = -std::numeric_limits<float>::infinity();
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t row = order_[first + i];
    const int64_t tile = (first + i) / kTileRows, place = i % kTileRows;
    uint8_t* codes = codes_.data() + (tile * groups_ * kTileRows + place) * kGroup;
    error = std::max(error, EncodeRow(matrix.Row(row), scale, codes));
    const double row_norm = Norm(matrix.Row(row));
    norm = std::max(norm, row_norm);
    least_norm = std::min(least_norm, row_norm);
    bias = std::max(bias, matrix.biases[row]);
    if (!biases_.empty()) biases_[first + i] = matrix.biases[row];
  }
  blocks_[block] = {scale, RoundedUp(error), RoundedUp(norm), RoundedDown(least_norm), bias};
}

kernels::CodeMatrix QuantizedMatrix::codes() const {
  return {codes_.data(), biases_.empty() ? nullptr : biases_.data(), blocks_.data(), groups_};
}

kernels::CodeMatrix QuantizedMatrix::codes_without_biases() const {
  return {codes_.data(), nullptr, blocks_.data(), groups_};
}

}  // namespace ridgeline
