#include "core/retrieval/quantized_matrix.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/prefetch.h"
#include "core/base/thread_priority.h"

namespace ridgeline {
namespace {

constexpr int64_t kCodedRows = kernels::kCodeBlockRows;
constexpr int64_t kTileRows = kernels::kCodeTileRows;
constexpr int kGroup = kernels::kCodeGroup;
constexpr int64_t kBlocksOfWork = 64;
constexpr int64_t kRowsAhead = 8;  // that are on their way from memory while one is encoded

void RunBlocks(Arena* arena, int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  if (arena == nullptr) return body(0, count);
  arena->ParallelFor(count, kBlocksOfWork, body);
}

std::vector<uint32_t> AllRows(const FactorMatrix& matrix) {
  std::vector<uint32_t> rows(matrix.rows());
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

// The norm of at(0), ..., at(count - 1). Four sums side by side: one alone would wait for each addition.
template <typename At>
double NormOf(size_t count, At at) {
  double sums[4] = {};
  size_t d = 0;
  for (; d + 4 <= count; d += 4) {
    for (size_t lane = 0; lane < 4; ++lane) sums[lane] += at(d + lane) * at(d + lane);
  }
  for (; d < count; ++d) sums[0] += at(d) * at(d);
  return std::sqrt((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

// Writes the code of each of `count` values to every kTileRows x kGroup bytes from `codes` on; returns the
// norm of what the codes leave out. `steps` [count] is scratch.
double EncodeRow(const float* values, size_t count, double scale, double* steps, uint8_t* codes) {
  constexpr double kLargest = kernels::kLargestCode;
  const double inverse = scale > 0.0 ? 1.0 / scale : 0.0;
  for (size_t d = 0; d < count; ++d) {
    steps[d] = std::clamp(std::nearbyint(values[d] * inverse), -kLargest, kLargest);
  }
  for (size_t d = 0; d < count; ++d) {
    codes[d / kGroup * (kTileRows * kGroup) + d % kGroup] =
        static_cast<uint8_t>(static_cast<int>(steps[d]) + kernels::kCodeZero);
  }
  return NormOf(count, [=](size_t d) { return values[d] - scale * steps[d]; });
}

void PrefetchRow(absl::Span<const float> row) {
  constexpr size_t kLineFloats = 64 / sizeof(float);
  for (size_t d = 0; d < row.size(); d += kLineFloats) Prefetch(&row[d]);
}

}  // namespace

double Norm(absl::Span<const float> row) {
  return NormOf(row.size(), [values = row.data()](size_t d) { return double{values[d]}; });
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
    : groups_((matrix.factors + kGroup - 1) / kGroup), order_(std::move(rows)) {
  const std::vector<Measure> measures = Order(matrix, typical_norm, arena);
  const int64_t blocks = (int64_t{this->rows()} + kCodedRows - 1) / kCodedRows;
  blocks_.resize(static_cast<size_t>(blocks));
  codes_.assign(static_cast<size_t>(blocks * kCodedRows * groups_ * kGroup), uint8_t{kernels::kCodeZero});
  const bool biased =
      std::any_of(matrix.biases.begin(), matrix.biases.end(), [](float b) { return b != 0.0f; });
  if (biased) biases_.resize(static_cast<size_t>(blocks * kCodedRows));
  RunBlocks(arena, blocks, [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      EncodeBlock(matrix, measures, block);
      GiveWay();
    }
  });
  BoundTails();
}

std::vector<QuantizedMatrix::Measure> QuantizedMatrix::Order(const FactorMatrix& matrix, float typical_norm,
                                                             Arena* arena) {
  std::vector<Measure> measures(order_.size());
  const auto count = static_cast<int64_t>(order_.size());
  RunBlocks(arena, (count + kCodedRows - 1) / kCodedRows, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * kCodedRows; i < std::min(end * kCodedRows, count); ++i) {
      const absl::Span<const float> row = matrix.Row(order_[i]);
      const double norm = Norm(row);
      const double most = typical_norm * norm + matrix.biases[order_[i]];
      // Bounds that overflow are all alike: such rows come first, in the order of their numbers.
      constexpr float kInfinity = std::numeric_limits<float>::infinity();
      measures[i] = {std::isfinite(most) ? static_cast<float>(most) : kInfinity, order_[i],
                     LargestMagnitude(row), norm};
    }
  });
  std::sort(measures.begin(), measures.end(), [](const Measure& a, const Measure& b) {
    return a.most != b.most ? a.most > b.most : a.row < b.row;
  });
  std::transform(measures.begin(), measures.end(), order_.begin(), [](const Measure& m) { return m.row; });
  return measures;
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

void QuantizedMatrix::EncodeBlock(const FactorMatrix& matrix, const std::vector<Measure>& measures,
                                  int64_t block) {
  const int64_t first = block * kCodedRows;
  const int64_t count = std::min(kCodedRows, int64_t{rows()} - first);
  float largest = 0.0f;
  for (int64_t i = 0; i < count; ++i) largest = std::max(largest, measures[first + i].largest);
  const float scale = largest / kernels::kLargestCode;
  std::vector<double> steps(static_cast<size_t>(matrix.factors));
  double error = 0.0, norm = 0.0, least_norm = std::numeric_limits<double>::infinity();
  float bias = -std::numeric_limits<float>::infinity();
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t row = order_[first + i];
    // Rows lie anywhere in this order.
    if (first + i + kRowsAhead < rows()) PrefetchRow(matrix.Row(order_[first + i + kRowsAhead]));
    const int64_t tile = (first + i) / kTileRows, place = i % kTileRows;
    uint8_t* codes = codes_.data() + (tile * groups_ * kTileRows + place) * kGroup;
    error = std::max(error, EncodeRow(matrix.Row(row).data(), steps.size(), scale, steps.data(), codes));
    norm = std::max(norm, measures[first + i].norm);
    least_norm = std::min(least_norm, measures[first + i].norm);
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
