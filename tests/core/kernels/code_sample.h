#ifndef RIDGELINE_TESTS_CORE_KERNELS_CODE_SAMPLE_H_
#define RIDGELINE_TESTS_CORE_KERNELS_CODE_SAMPLE_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "core/kernels/code_scan.h"

namespace ridgeline {

/// Rows and queries that their codes express without any error, and what a scan of them must find.
class CodeSample {
 public:
  /// `blocks` blocks of rows and `queries` queries of `groups` groups of dimensions, from a seed. With
  /// `extreme` codes all are as large as the 16-bit sums allow.
  CodeSample(int64_t blocks, int groups, int queries, uint32_t seed, bool extreme = false)
      : groups_(groups), generator_(seed) {
    const int64_t rows = blocks * kernels::kCodeBlockRows;
    codes_.resize(static_cast<size_t>(rows * groups * kernels::kCodeGroup));
    for (uint8_t& code : codes_) code = extreme ? 127 : static_cast<uint8_t>(Uniform(1, 127));
    biases_.resize(static_cast<size_t>(rows));
    for (float& bias : biases_) bias = static_cast<float>(Uniform(-50, 50)) * 0.5f;
    for (int q = 0; q < queries; ++q) query_codes_.push_back(RandomQuery(extreme));
    for (int64_t b = 0; b < blocks; ++b) blocks_.push_back(BlockOf(b));
  }

  kernels::CodeMatrix matrix(bool biased) const {
    return {codes_.data(), biased ? biases_.data() : nullptr, blocks_.data(), groups_};
  }

  kernels::CodeQueries queries(float floor, bool cosine) const {
    kernels::CodeQueries queries;
    queries.cosine = cosine;
    for (const std::vector<int8_t>& codes : query_codes_) {
      const int q = queries.count++;
      int sum = 0;
      double squares = 0.0;
      for (const int8_t code : codes) {
        sum += code;
        squares += double{kQueryScale} * kQueryScale * code * code;
      }
      queries.codes[q] = codes.data();
      queries.scale[q] = kQueryScale;
      queries.norm[q] = std::nextafter(static_cast<float>(std::sqrt(squares)), INFINITY);
      queries.offset[q] = static_cast<float>(kernels::kCodeZero * sum);
      queries.slack[q] = 1e-6f;
      queries.floor[q] = floor;
    }
    return queries;
  }

  /// Row `row` times query `q`.
  double Product(int64_t row, int q) const {
    double product = 0.0;
    for (int d = 0; d < groups_ * kernels::kCodeGroup; ++d) {
      product += double{kRowScale} * (Code(row, d) - kernels::kCodeZero) * kQueryScale *
                 query_codes_[static_cast<size_t>(q)][static_cast<size_t>(d)];
    }
    return product;
  }

  double Norm(int64_t row) const {
    double squares = 0.0;
    for (int d = 0; d < groups_ * kernels::kCodeGroup; ++d) {
      const double value = double{kRowScale} * (Code(row, d) - kernels::kCodeZero);
      squares += value * value;
    }
    return std::sqrt(squares);
  }

  float bias(int64_t row) const { return biases_[static_cast<size_t>(row)]; }
  int64_t rows() const { return static_cast<int64_t>(biases_.size()); }

 private:
  static constexpr float kRowScale = 0.125f;
  static constexpr float kQueryScale = 0.25f;

  int Uniform(int low, int high) { return std::uniform_int_distribution<int>(low, high)(generator_); }

  uint8_t Code(int64_t row, int d) const {
    const int64_t tile = row / kernels::kCodeTileRows, place = row % kernels::kCodeTileRows;
    const int64_t group = d / kernels::kCodeGroup;
    return codes_[static_cast<size_t>(((tile * groups_ + group) * kernels::kCodeTileRows + place) *
                                          kernels::kCodeGroup +
                                      d % kernels::kCodeGroup)];
  }

  // 8 codes share a sum: up to 32 each keeps it at or below kMostCodeSum.
  std::vector<int8_t> RandomQuery(bool extreme) {
    std::vector<int8_t> codes(static_cast<size_t>(groups_) * kernels::kCodeGroup);
    const int sign = Uniform(0, 1) == 0 ? -1 : 1;
    for (int8_t& code : codes) code = static_cast<int8_t>(extreme ? 32 * sign : Uniform(-32, 32));
    return codes;
  }

  kernels::CodeBlock BlockOf(int64_t block) const {
    kernels::CodeBlock bounds;
    bounds.scale = kRowScale;
    double least = INFINITY, most = 0.0;
    bounds.bias = -INFINITY;
    for (int64_t row = block * kernels::kCodeBlockRows; row < (block + 1) * kernels::kCodeBlockRows; ++row) {
      least = std::min(least, Norm(row));
      most = std::max(most, Norm(row));
      bounds.bias = std::max(bounds.bias, bias(row));
    }
    bounds.norm = std::nextafter(static_cast<float>(most), INFINITY);
    bounds.least_norm = std::nextafter(static_cast<float>(least), 0.0f);
    return bounds;
  }

  int groups_;
  std::mt19937 generator_;
  std::vector<uint8_t> codes_;
  std::vector<float> biases_;
  std::vector<std::vector<int8_t>> query_codes_;
  std::vector<kernels::CodeBlock> blocks_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_KERNELS_CODE_SAMPLE_H_
