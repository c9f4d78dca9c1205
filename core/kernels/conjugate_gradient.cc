#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/kernels/allotment.h"
#include "core/kernels/kernels.h"
#include "core/kernels/lanes.h"

namespace ridgeline::kernels {
namespace {

// A residual that is smaller than this share of the right side is rounding error.
constexpr float kTinyResidual = 1e-7f;
// Rows that are multiplied together, so that the vectors are loaded once for all of them.
constexpr int64_t kGroup = 4;
// Gathered rows of a system that fits stay in the second-level cache for all steps; those of a longer one are
// gathered again, a block at a time.
constexpr int64_t kGatheredFloats = 262'144;

// The entries of a system as padded rows, with the 1 of the bias in its place.
class GatheredRows {
 public:
  explicit GatheredRows(const RowSystem& system)
      : system_(system),
        stride_(PadToPanel(system.dimension())),
        block_(std::min((system.entries + kGroup - 1) / kGroup * kGroup,
                        std::max(kGatheredFloats / stride_, int64_t{16}) / kGroup * kGroup)) {}

  int64_t Floats() const { return stride_ * block_; }
  void SetMemory(float* memory) { memory_ = memory; }

  // Calls `visit(row, first entry, rows)` for groups of kGroup rows, zeros behind the last entry.
  template <typename Visit>
  void ForEachGroup(const Visit& visit) {
    for (int64_t begin = 0; begin < system_.entries; begin += block_) {
      const int64_t end = std::min(begin + block_, system_.entries);
      if (held_ != begin) Gather(begin, end);
      for (int64_t entry = begin; entry < end; entry += kGroup) {
        visit(memory_ + (entry - begin) * stride_, entry, std::min(kGroup, end - entry));
      }
    }
  }

 private:
  void Gather(int64_t begin, int64_t end) {
    const int64_t factors = system_.factor_count;
    for (int64_t entry = begin; entry < end; ++entry) {
      float* const to = memory_ + (entry - begin) * stride_;
      std::copy_n(system_.factor_row(entry), factors, to);
      std::fill(to + factors, to + stride_, 0.0f);
      if (system_.append_one) to[factors] = 1.0f;
    }
    const int64_t padded = (end - begin + kGroup - 1) / kGroup * kGroup;
    std::fill(memory_ + (end - begin) * stride_, memory_ + padded * stride_, 0.0f);
    held_ = begin;
  }

  const RowSystem& system_;
  const int64_t stride_;
  const int64_t block_;      // rows
  float* memory_ = nullptr;  // [block x stride]
  int64_t held_ = -1;        // the entry that the memory begins with
};

// to += scale * from, [size] a multiple of the lanes.
void AddScaled(float scale, const float* from, int64_t size, float* to) {
  for (int64_t k = 0; k < size; k += kLanes) Store(Load(to + k) + scale * Load(from + k), to + k);
}

float Sum(Lanes lanes) {
  float parts[kLanes];
  Store(lanes, parts);
  for (int width = kLanes / 2; width > 0; width /= 2) {
    for (int lane = 0; lane < width; ++lane) parts[lane] += parts[lane + width];
  }
  return parts[0];
}

// The products of kGroup rows with `vector`.
void GroupProducts(const float* rows, int64_t stride, const float* vector, float* products) {
  Lanes sums[kGroup] = {};
  for (int64_t k = 0; k < stride; k += kLanes) {
    const Lanes values = Load(vector + k);
    for (int64_t r = 0; r < kGroup; ++r) sums[r] += Load(rows + r * stride + k) * values;
  }
  for (int64_t r = 0; r < kGroup; ++r) products[r] = Sum(sums[r]);
}

// sum += the rows, each times its scale.
void AddGroup(const float* rows, int64_t stride, const float* scales, float* sum) {
  for (int64_t k = 0; k < stride; k += kLanes) {
    Lanes total = Load(sum + k);
    for (int64_t r = 0; r < kGroup; ++r) total += scales[r] * Load(rows + r * stride + k);
    Store(total, sum + k);
  }
}

// The system as something that multiplies vectors: its matrix is never summed up.
class ConjugateGradient {
 public:
  ConjugateGradient(const RowSystem& system, RowWorkspace& workspace)
      : system_(system), size_(system.dimension()), stride_(PadToPanel(size_)), rows_(system) {
    Allotment allotment(workspace.memory, 7 * stride_ + rows_.Floats());
    for (float** vector :
         {&solution_, &side_, &residual_, &direction_, &product_, &preconditioned_, &diagonal_}) {
      *vector = allotment.Take(stride_);
      std::fill_n(*vector, stride_, 0.0f);
    }
    rows_.SetMemory(allotment.Take(rows_.Floats()));
  }

  // Improves `solution` [dimension] by up to `steps` steps.
  void Solve(int steps, float* solution) {
    std::copy_n(solution, size_, solution_);
    SetUp();
    const float tiny = kTinyResidual * std::sqrt(Product(side_, side_));
    Precondition();
    std::copy_n(preconditioned_, stride_, direction_);
    float before = Product(residual_, preconditioned_);
    for (int step = 0; step < steps && !(std::sqrt(Product(residual_, residual_)) <= tiny); ++step) {
      if (before == 0.0f) break;
      before = Step(before);
    }
    std::copy_n(solution_, size_, solution);
  }

 private:
  float Product(const float* a, const float* b) const { return Dot(a, b, static_cast<int>(stride_)); }

  // One step along the direction; `before` and the answer are residual . preconditioned. 0: there is nothing
  // left to gain. Of factors that shrink towards 0 these products vanish in float32 before the residual does.
  float Step(float before) {
    Multiply(direction_, product_);
    const float curvature = Product(direction_, product_);
    if (curvature == 0.0f) return 0.0f;
    const float length = before / curvature;
    AddScaled(length, direction_, stride_, solution_);
    AddScaled(-length, product_, stride_, residual_);
    Precondition();
    const float after = Product(residual_, preconditioned_);
    const float turn = after / before;
    for (int64_t k = 0; k < stride_; ++k) direction_[k] = preconditioned_[k] + turn * direction_[k];
    return after;
  }

  float Weight(int64_t entry) const { return system_.weights == nullptr ? 1.0f : system_.weights[entry]; }

  // product = (diag(ridge) + base) vector.
  void MultiplyBase(const float* vector, float* product) const {
    for (int64_t k = 0; k < size_; ++k) product[k] = system_.ridge[k] * vector[k];
    if (system_.base_diagonal != nullptr) {
      for (int64_t k = 0; k < size_; ++k)
        product[k] += system_.base_scale * system_.base_diagonal[k] * vector[k];
    }
    if (system_.base == nullptr) return;
    for (int64_t i = 0; i < size_; ++i) {
      product[i] += system_.base_scale * Dot(system_.base + i * size_, vector, static_cast<int>(size_));
    }
  }

  void Multiply(const float* vector, float* product) {
    MultiplyBase(vector, product);
    rows_.ForEachGroup([&](const float* rows, int64_t entry, int64_t count) {
      float scales[kGroup];
      GroupProducts(rows, stride_, vector, scales);
      for (int64_t r = 0; r < kGroup; ++r) scales[r] *= r < count ? Weight(entry + r) : 0.0f;
      AddGroup(rows, stride_, scales, product);
    });
  }

  void SetBaseDiagonal() {
    for (int64_t k = 0; k < size_; ++k) {
      diagonal_[k] = system_.ridge[k];
      if (system_.base_diagonal != nullptr) diagonal_[k] += system_.base_scale * system_.base_diagonal[k];
      if (system_.base != nullptr) diagonal_[k] += system_.base_scale * system_.base[k * size_ + k];
    }
  }

  void AddSquares(const float* row, float weight) {
    for (int64_t k = 0; k < stride_; k += kLanes) {
      const Lanes values = Load(row + k);
      Store(Load(diagonal_ + k) + weight * values * values, diagonal_ + k);
    }
  }

  // In one pass over the entries: the right side, the residual and the matrix's diagonal.
  void SetUp() {
    MultiplyBase(solution_, product_);
    SetBaseDiagonal();
    rows_.ForEachGroup([&](const float* rows, int64_t entry, int64_t count) {
      float scales[kGroup], targets[kGroup] = {};
      GroupProducts(rows, stride_, solution_, scales);
      for (int64_t r = 0; r < kGroup; ++r) {
        const float weight = r < count ? Weight(entry + r) : 0.0f;
        scales[r] *= weight;
        if (system_.right_side == nullptr && r < count) targets[r] = system_.targets[entry + r];
        AddSquares(rows + r * stride_, weight);
      }
      AddGroup(rows, stride_, scales, product_);
      AddGroup(rows, stride_, targets, side_);
    });
    if (system_.right_side != nullptr) std::copy_n(system_.right_side, size_, side_);
    for (int64_t k = 0; k < size_; ++k) residual_[k] = side_[k] - product_[k];
    std::fill(diagonal_ + size_, diagonal_ + stride_, 1.0f);
  }

  void Precondition() {
    for (int64_t k = 0; k < stride_; ++k) preconditioned_[k] = residual_[k] / diagonal_[k];
  }

  const RowSystem& system_;
  const int64_t size_;
  const int64_t stride_;
  GatheredRows rows_;
  float* solution_;  // this and all below [stride], zeros behind the dimension
  float* side_;
  float* residual_;
  float* direction_;
  float* product_;
  float* preconditioned_;
  float* diagonal_;
};

}  // namespace

bool ImproveRow(const RowSystem& system, int steps, RowWorkspace& workspace, float* solution) {
  if (system.dimension() == 0) return true;
  ConjugateGradient(system, workspace).Solve(steps, solution);
  return std::all_of(solution, solution + system.dimension(),
                     [](float value) { return std::isfinite(value); });
}

}  // namespace ridgeline::kernels
