#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/prefetch.h"
#include "core/kernels/allotment.h"
#include "core/kernels/cholesky.h"
#include "core/kernels/double_solver.h"
#include "core/kernels/kernels.h"
#include "core/kernels/lanes.h"
#include "core/kernels/product.h"
#include "core/kernels/transpose.h"

namespace ridgeline::kernels {
namespace {

// Rows gathered before they are multiplied: deep enough for a matrix product's speed, few enough for the
// cache and for sums in float32.
constexpr int64_t kBlockRows = 128;
// How far ahead of the gathering loop a row of factors is asked for; rows lie anywhere in memory.
constexpr int64_t kPrefetchRows = 8;
// The square root of a smaller weight has no finite reciprocal worth trusting.
constexpr float kMinDualWeight = 1e-20f;

template <CacheLevel kLevel = CacheLevel::kFirst>
void PrefetchRow(const RowSystem& system, int64_t entry) {
  if (entry >= system.entries || system.factor_count == 0) return;
  const float* row = system.factor_row(entry);
  for (int at = 0; at < system.factor_count; at += static_cast<int>(kPanel)) Prefetch<kLevel>(row + at);
  Prefetch<kLevel>(row + system.factor_count - 1);  // a row need not begin with a cache line
}

float RootWeight(const RowSystem& system, int64_t entry) {
  return system.weights == nullptr ? 1.0f : std::sqrt(system.weights[entry]);
}

// The diagonal of diag(ridge) + base.
float DiagonalAt(const RowSystem& system, int64_t at) {
  return system.base_diagonal == nullptr ? system.ridge[at]
                                         : system.ridge[at] + system.base_scale * system.base_diagonal[at];
}

bool SideIsGiven(const RowSystem& system) {
  return system.right_side != nullptr;
}

bool HasDualForm(const RowSystem& system) {
  return system.base == nullptr && !SideIsGiven(system) && system.entries < system.dimension();
}

// The system in the space of the factors, [dimension x dimension].
class PrimalSolver {
 public:
  PrimalSolver(const RowSystem& system, RowWorkspace& workspace)
      : system_(system),
        size_(system.dimension()),
        stride_(PadToPanel(size_)),
        block_rows_(std::min(system.entries, kBlockRows)) {
    const int64_t inverses = CholeskyInverseFloats(size_);
    Allotment allotment(workspace.memory, stride_ * (stride_ + block_rows_ + 2) + inverses);
    cholesky_ = {size_, stride_, allotment.Take(stride_ * stride_), nullptr};
    cholesky_.inverses = allotment.Take(inverses);
    side_ = allotment.Take(stride_);
    block_side_ = allotment.Take(stride_);
    gathered_ = allotment.Take(stride_ * block_rows_);
  }

  bool Solve(float* solution) {
    SumUp();
    float largest = 0.0f;
    for (int64_t k = 0; k < size_; ++k) largest = std::max(largest, cholesky_.matrix[k * stride_ + k]);
    float smallest = 0.0f;
    if (!FactorCholesky(cholesky_, &smallest)) return false;
    const float error = std::numeric_limits<float>::epsilon() * static_cast<float>(size_);
    if (!(smallest > error * largest)) return false;
    SolveForward(cholesky_, side_);
    SolveBackward(cholesky_, side_);
    std::copy_n(side_, size_, solution);
    return true;
  }

 private:
  void SetBase() {
    std::fill_n(cholesky_.matrix, stride_ * stride_, 0.0f);
    for (int64_t i = 0; i < size_; ++i) {
      float* const row = cholesky_.matrix + i * stride_;
      if (system_.base != nullptr) {
        for (int64_t j = i; j < size_; ++j) row[j] = system_.base_scale * system_.base[i * size_ + j];
      }
      row[i] += DiagonalAt(system_, i);
    }
  }

  // Writes sqrt(weight) h of `entry` and adds target h to the side.
  void Gather(int64_t entry, float* __restrict gathered, float* __restrict side) const {
    const float* const row = system_.factor_row(entry);
    const float root = RootWeight(system_, entry);
    const float target = SideIsGiven(system_) ? 0.0f : system_.targets[entry];
    for (int64_t k = 0; k < system_.factor_count; ++k) {
      gathered[k] = root * row[k];
      side[k] += target * row[k];
    }
    if (system_.append_one) {
      gathered[system_.factor_count] = root;
      side[system_.factor_count] += target;
    }
  }

  // Asks for what the next block has of entries from `entry` on, as many as fall to each row of tiles of the
  // product. Returns where the next share begins.
  int64_t PrefetchShare(int64_t entry) const {
    const int64_t end = entry + (kBlockRows * kTileRows + size_ - 1) / size_;
    for (; entry < end; ++entry) PrefetchRow<CacheLevel::kSecond>(system_, entry);
    return entry;
  }

  void AddBlock(int64_t begin, int64_t rows) {
    std::fill_n(block_side_, stride_, 0.0f);
    for (int64_t at = 0; at < rows; ++at) {
      PrefetchRow(system_, begin + at + kPrefetchRows);
      Gather(begin + at, gathered_ + at * stride_, block_side_);
    }
    const ProductOperands operands = SymmetricOperands(gathered_, stride_, rows, cholesky_.matrix, stride_);
    int64_t next = begin + rows;
    UpperProduct<Accumulation::kAdd>(operands, 0, size_, size_, [&] { next = PrefetchShare(next); });
    for (int64_t k = 0; k < stride_; ++k) side_[k] += block_side_[k];
  }

  void SumUp() {
    SetBase();
    std::fill_n(side_, stride_, 0.0f);
    std::fill_n(gathered_, stride_ * block_rows_, 0.0f);
    for (int64_t begin = 0; begin < system_.entries; begin += kBlockRows) {
      AddBlock(begin, std::min(kBlockRows, system_.entries - begin));
    }
    if (SideIsGiven(system_)) std::copy_n(system_.right_side, size_, side_);
  }

  const RowSystem& system_;
  const int64_t size_;
  const int64_t stride_;
  const int64_t block_rows_;
  CholeskyMemory cholesky_;
  float* side_;        // [stride], becomes the solution
  float* block_side_;  // [stride]
  float* gathered_;    // [block rows x stride]
};

// The system in the space of the entries, [entries x entries].
class DualSolver {
 public:
  DualSolver(const RowSystem& system, RowWorkspace& workspace)
      : system_(system),
        width_(PadToPanel(system.dimension())),
        size_(system.entries),
        stride_(PadToPanel(size_)) {
    const int64_t inverses = CholeskyInverseFloats(size_);
    Allotment allotment(workspace.memory, stride_ * (stride_ + 2 * width_ + 1) + inverses + 2 * width_);
    cholesky_ = {size_, stride_, allotment.Take(stride_ * stride_), nullptr};
    cholesky_.inverses = allotment.Take(inverses);
    side_ = allotment.Take(stride_);
    gathered_ = allotment.Take(stride_ * width_);
    transposed_ = allotment.Take(stride_ * width_);
    scale_ = allotment.Take(width_);
    solution_ = allotment.Take(width_);
  }

  bool Solve(float* solution) {
    SetScale();
    if (!GatherAll()) return false;
    MultiplyOut();
    float smallest = 0.0f;
    if (!FactorCholesky(cholesky_, &smallest)) return false;
    SolveForward(cholesky_, side_);
    SolveBackward(cholesky_, side_);
    Expand(solution);
    return true;
  }

 private:
  // 1 / sqrt(D).
  void SetScale() {
    std::fill_n(scale_, width_, 0.0f);
    for (int64_t k = 0; k < system_.dimension(); ++k) scale_[k] = 1.0f / std::sqrt(DiagonalAt(system_, k));
  }

  // Each row becomes sqrt(weight) h / sqrt(D), each target target / sqrt(weight).
  bool GatherAll() {
    std::fill_n(side_, stride_, 0.0f);
    std::fill_n(gathered_ + size_ * width_, (stride_ - size_) * width_, 0.0f);
    for (int64_t entry = 0; entry < std::min(kPrefetchRows, size_); ++entry) PrefetchRow(system_, entry);
    for (int64_t entry = 0; entry < size_; ++entry) {
      PrefetchRow(system_, entry + kPrefetchRows);
      const float root = RootWeight(system_, entry);
      if (!(root * root > kMinDualWeight)) return false;
      side_[entry] = system_.targets[entry] / root;
      Gather(system_.factor_row(entry), root, gathered_ + entry * width_);
    }
    return true;
  }

  void Gather(const float* __restrict row, float root, float* __restrict gathered) const {
    const int64_t factors = system_.factor_count;
    for (int64_t k = 0; k < factors; ++k) gathered[k] = root * scale_[k] * row[k];
    for (int64_t k = factors; k < width_; ++k) gathered[k] = 0.0f;
    if (system_.append_one) gathered[factors] = root * scale_[factors];
  }

  // I + G G^T.
  void MultiplyOut() {
    TransposeMatrix(gathered_, width_, stride_, width_, transposed_, stride_);
    std::fill_n(cholesky_.matrix, stride_ * stride_, 0.0f);
    for (int64_t i = 0; i < size_; ++i) cholesky_.matrix[i * stride_ + i] = 1.0f;
    const ProductOperands operands =
        SymmetricOperands(transposed_, stride_, system_.dimension(), cholesky_.matrix, stride_);
    UpperProduct<Accumulation::kAdd>(operands, 0, size_, size_);
  }

  // D^-1/2 G^T side.
  void Expand(float* solution) const {
    std::fill_n(solution_, width_, 0.0f);
    for (int64_t entry = 0; entry < size_; ++entry) {
      const float* const __restrict row = gathered_ + entry * width_;
      const float multiplier = side_[entry];
      for (int64_t k = 0; k < width_; ++k) solution_[k] += multiplier * row[k];
    }
    for (int64_t k = 0; k < system_.dimension(); ++k) solution[k] = scale_[k] * solution_[k];
  }

  const RowSystem& system_;
  const int64_t width_;   // of a padded row of factors
  const int64_t size_;    // entries
  const int64_t stride_;  // padded
  CholeskyMemory cholesky_;
  float* side_;        // [stride]
  float* gathered_;    // [stride x width]
  float* transposed_;  // [width x stride]
  float* scale_;       // [width]
  float* solution_;    // [width]
};

bool AllFinite(const float* values, int64_t size) {
  return std::all_of(values, values + size, [](float value) { return std::isfinite(value); });
}

bool SolveInFloat(const RowSystem& system, RowWorkspace& workspace, float* solution) {
  const bool solved = HasDualForm(system) ? DualSolver(system, workspace).Solve(solution)
                                          : PrimalSolver(system, workspace).Solve(solution);
  return solved && AllFinite(solution, system.dimension());
}

}  // namespace

bool SolveRow(const RowSystem& system, RowWorkspace& workspace, float* solution) {
  if (system.dimension() == 0) return true;
  return SolveInFloat(system, workspace, solution) || SolveInDouble(system, solution);
}

}  // namespace ridgeline::kernels
