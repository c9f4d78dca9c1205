#include "core/als/row_step.h"

#include <algorithm>
#include <vector>

#include "core/kernels/kernels.h"

namespace ridgeline {
namespace {

absl::Status NotFinite() {
  return absl::InternalError("the row's system has no finite solution; are values or weights too large?");
}

// The row as one vector, the bias last where it is part of the system.
void JoinRow(absl::Span<const float> factors, float bias, int dimension, std::vector<float>* row) {
  row->assign(factors.begin(), factors.end());
  if (dimension > static_cast<int>(factors.size())) row->push_back(bias);
}

void SplitRow(const std::vector<float>& row, absl::Span<float> factors, float* bias) {
  std::copy_n(row.begin(), factors.size(), factors.begin());
  if (row.size() > factors.size()) *bias = row.back();
}

// A row's system taken apart into blocks of coordinates, with the row's product with each entry kept up to
// date: after a block is solved, only that block's share of the products changes.
class BlockwiseRow {
 public:
  BlockwiseRow(const kernels::RowSystem& system, HalfStepWorkspace& workspace, std::vector<float>& row)
      : system_(system), workspace_(workspace), row_(row), products_(static_cast<size_t>(system.entries)) {
    block_targets_.resize(products_.size());
    for (int64_t entry = 0; entry < system.entries; ++entry) {
      products_[entry] = kernels::Dot(system.factor_row(entry), row.data(), system.factor_count);
      if (system.append_one) products_[entry] += row.back();
    }
  }

  // Solves the coordinates [begin, end) of the factors, and the bias too when `with_bias`, given the others.
  bool SolveBlock(int begin, int end, bool with_bias) {
    const kernels::RowSystem block = Block(begin, end, with_bias);
    solution_.resize(static_cast<size_t>(block.dimension()));
    AddProducts(block, -1.0f, row_.data() + begin, with_bias ? row_.back() : 0.0f);
    for (int64_t entry = 0; entry < system_.entries; ++entry) {
      const float weight = system_.weights == nullptr ? 1.0f : system_.weights[entry];
      block_targets_[entry] = system_.targets[entry] - weight * products_[entry];
    }
    if (!kernels::SolveRow(block, workspace_.row, solution_.data())) return false;
    std::copy_n(solution_.begin(), end - begin, row_.begin() + begin);
    if (with_bias) row_.back() = solution_.back();
    AddProducts(block, 1.0f, row_.data() + begin, with_bias ? row_.back() : 0.0f);
    return true;
  }

 private:
  kernels::RowSystem Block(int begin, int end, bool with_bias) {
    kernels::RowSystem block = system_;
    block.factors += begin;
    block.factor_stride = system_.factor_count;
    block.factor_count = end - begin;
    block.append_one = with_bias;
    block.targets = block_targets_.data();
    if (block.base_diagonal != nullptr) block.base_diagonal += begin;
    block_ridge_.assign(system_.ridge + begin, system_.ridge + end);
    if (with_bias) block_ridge_.push_back(system_.ridge[system_.factor_count]);
    block.ridge = block_ridge_.data();
    return block;
  }

  void AddProducts(const kernels::RowSystem& block, float sign, const float* factors, float bias) {
    for (int64_t entry = 0; entry < block.entries; ++entry) {
      const float product = kernels::Dot(block.factor_row(entry), factors, block.factor_count) + bias;
      products_[entry] += sign * product;
    }
  }

  const kernels::RowSystem& system_;
  HalfStepWorkspace& workspace_;
  std::vector<float>& row_;           // [dimension]
  std::vector<float> products_;       // [entries]
  std::vector<float> block_targets_;  // [entries]
  std::vector<float> block_ridge_;    // [block]
  std::vector<float> solution_;       // [block]
};

bool SolveBlockwise(const kernels::RowSystem& system, int block_size, HalfStepWorkspace& workspace,
                    std::vector<float>& row) {
  BlockwiseRow blockwise(system, workspace, row);
  for (int begin = 0; begin < system.factor_count; begin += block_size) {
    const int end = std::min(begin + block_size, system.factor_count);
    const bool with_bias = system.append_one && end == system.factor_count;
    if (!blockwise.SolveBlock(begin, end, with_bias)) return false;
  }
  return true;
}

}  // namespace

absl::Status StepRow(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                     absl::Span<const float> values, const SolverOptions& solver,
                     HalfStepWorkspace& workspace, absl::Span<float> factors, float* bias) {
  const int dimension = fixed.other->factors + (HasBiases(*fixed.hyperparameters) ? 1 : 0);
  const Solver method = MethodForRow(solver, static_cast<int64_t>(columns.size()), dimension);
  if (columns.empty() || method == Solver::kExact || NeedsExactSolver(*fixed.hyperparameters)) {
    return SolveHalfStepRow(fixed, columns, values, workspace, factors, bias);
  }
  const kernels::RowSystem system = BuildRowSystem(fixed, columns, values, workspace);
  JoinRow(factors, *bias, dimension, &workspace.solution);
  const bool solved = method == Solver::kSubspace
                          ? SolveBlockwise(system, solver.subspace_size, workspace, workspace.solution)
                          : kernels::ImproveRow(system, solver.conjugate_gradient_steps, workspace.row,
                                                workspace.solution.data());
  if (!solved) return NotFinite();
  SplitRow(workspace.solution, factors, bias);
  return absl::OkStatus();
}

}  // namespace ridgeline
