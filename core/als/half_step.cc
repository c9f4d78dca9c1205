#include "core/als/half_step.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

// Few enough that threads finish together and a cancellation is soon seen, enough to share a workspace.
constexpr int64_t kBlockRows = 32;

void SetExplicit(const FixedSide& fixed, absl::Span<const uint32_t> columns, absl::Span<const float> values,
                 HalfStepWorkspace& workspace, kernels::RowSystem& system) {
  for (size_t entry = 0; entry < columns.size(); ++entry) {
    workspace.targets[entry] =
        static_cast<float>(values[entry] - fixed.global_mean - fixed.other->biases[columns[entry]]);
  }
  system.append_one = true;
}

void SetImplicit(const FixedSide& fixed, absl::Span<const float> values, HalfStepWorkspace& workspace,
                 kernels::RowSystem& system) {
  const Hyperparameters& hyperparameters = *fixed.hyperparameters;
  const float scale = static_cast<float>(hyperparameters.confidence_scale);
  const float unobserved = static_cast<float>(hyperparameters.unobserved_weight);
  const float added = hyperparameters.confidence_form == ConfidenceForm::kHu ? unobserved : 0.0f;
  workspace.weights.resize(values.size());
  for (size_t entry = 0; entry < values.size(); ++entry) {
    workspace.weights[entry] = scale * values[entry];
    workspace.targets[entry] = scale * values[entry] + added;
  }
  system.weights = workspace.weights.data();
  system.base = fixed.gramian->data();
  system.base_scale = unobserved;
}

void SetRidge(const FixedSide& fixed, HalfStepWorkspace& workspace, kernels::RowSystem& system) {
  const Hyperparameters& hyperparameters = *fixed.hyperparameters;
  const int64_t other_rows = static_cast<int64_t>(fixed.other->rows());
  const auto lambda = [&](double unscaled) {
    return static_cast<float>(RowRegularization(hyperparameters, unscaled, system.entries, other_rows));
  };
  workspace.ridge.assign(static_cast<size_t>(system.dimension()), lambda(hyperparameters.regularization));
  if (system.append_one) workspace.ridge.back() = lambda(hyperparameters.bias_regularization);
  system.ridge = workspace.ridge.data();
}

// Solves the rows [begin, end) of `matrix` into `solved`, which has its shape.
absl::Status SolveRows(const FixedSide& fixed, const CsrMatrix& matrix, int64_t begin, int64_t end,
                       FactorMatrix& solved) {
  HalfStepWorkspace workspace;
  const size_t factors = static_cast<size_t>(solved.factors);
  for (int64_t at = begin; at < end; ++at) {
    const uint32_t row = static_cast<uint32_t>(at);
    const absl::Status status = SolveHalfStepRow(
        fixed, matrix.RowColumns(row), matrix.RowValues(row), workspace,
        absl::MakeSpan(solved.values).subspan(size_t{row} * factors, factors), &solved.biases[row]);
    if (!status.ok()) {
      return absl::Status(status.code(), absl::StrCat("row ", row, ": ", status.message()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

kernels::RowSystem BuildRowSystem(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                                  absl::Span<const float> values, HalfStepWorkspace& workspace) {
  kernels::RowSystem system;
  system.factors = fixed.other->values.data();
  system.factor_count = fixed.other->factors;
  system.columns = columns.data();
  system.entries = static_cast<int64_t>(columns.size());
  workspace.targets.resize(columns.size());
  system.targets = workspace.targets.data();
  if (fixed.hyperparameters->feedback == Feedback::kExplicit) {
    SetExplicit(fixed, columns, values, workspace, system);
  } else {
    SetImplicit(fixed, values, workspace, system);
  }
  SetRidge(fixed, workspace, system);
  return system;
}

absl::Status SolveHalfStepRow(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                              absl::Span<const float> values, HalfStepWorkspace& workspace,
                              absl::Span<float> factors, float* bias) {
  *bias = 0.0f;
  std::fill(factors.begin(), factors.end(), 0.0f);
  if (columns.empty()) return absl::OkStatus();
  const kernels::RowSystem system = BuildRowSystem(fixed, columns, values, workspace);
  workspace.solution.resize(static_cast<size_t>(system.dimension()));
  if (!kernels::SolveRow(system, workspace.row, workspace.solution.data())) {
    return absl::InternalError("the ridge system has no finite solution; are values or weights too large?");
  }
  std::copy_n(workspace.solution.begin(), factors.size(), factors.begin());
  if (system.append_one) *bias = workspace.solution.back();
  return absl::OkStatus();
}

double RowRegularization(const Hyperparameters& hyperparameters, double lambda, int64_t entries,
                         int64_t other_rows) {
  if (hyperparameters.regularization_scaling == RegularizationScaling::kNone) return lambda;
  double frequency = static_cast<double>(entries);
  if (hyperparameters.feedback == Feedback::kImplicit) {
    frequency += hyperparameters.unobserved_weight * static_cast<double>(other_rows);
  }
  return lambda * std::pow(frequency, hyperparameters.frequency_exponent);
}

absl::Status SolveHalfStep(const FixedSide& fixed, const CsrMatrix& matrix, Arena& arena,
                           const CancellationToken* cancellation, FactorMatrix* solved) {
  solved->factors = fixed.other->factors;
  solved->values.resize(size_t{matrix.rows} * static_cast<size_t>(solved->factors));
  solved->biases.resize(matrix.rows);
  std::vector<absl::Status> blocks((size_t{matrix.rows} + kBlockRows - 1) / kBlockRows);
  arena.ParallelFor(matrix.rows, kBlockRows, [&](int64_t begin, int64_t end) {
    const bool cancelled = cancellation != nullptr && cancellation->cancelled();
    blocks[static_cast<size_t>(begin / kBlockRows)] = cancelled
                                                          ? absl::CancelledError("training was cancelled")
                                                          : SolveRows(fixed, matrix, begin, end, *solved);
  });
  for (const absl::Status& status : blocks) RIDGELINE_RETURN_IF_ERROR(status);
  return absl::OkStatus();
}

}  // namespace ridgeline
