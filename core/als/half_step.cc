#include "core/als/half_step.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/als/row_schedule.h"
#include "core/als/row_step.h"
#include "core/base/thread_priority.h"

namespace ridgeline {
namespace {

// Solves the rows of `block` of `matrix` into `solved`, which has its shape.
absl::Status SolveRows(const FixedSide& fixed, const CsrMatrix& matrix, const RowBlock& block,
                       const SolverOptions& solver, FactorMatrix& solved) {
  HalfStepWorkspace workspace;
  const size_t factors = static_cast<size_t>(solved.factors);
  for (int64_t at = block.begin; at < block.end; ++at) {
    const uint32_t row = static_cast<uint32_t>(at);
    const absl::Status status =
        StepRow(fixed, matrix.RowColumns(row), matrix.RowValues(row), solver, workspace,
                absl::MakeSpan(solved.values).subspan(size_t{row} * factors, factors), &solved.biases[row]);
    if (!status.ok()) {
      return absl::Status(status.code(), absl::StrCat("row ", row, ": ", status.message()));
    }
    GiveWay();
  }
  return absl::OkStatus();
}

// The error of the lowest rows, whichever block was solved first.
absl::Status FirstError(const std::vector<RowBlock>& blocks, const std::vector<absl::Status>& statuses) {
  size_t first = 0;
  for (size_t at = 1; at < statuses.size(); ++at) {
    if (statuses[at].ok()) continue;
    if (statuses[first].ok() || blocks[at].begin < blocks[first].begin) first = at;
  }
  return statuses.empty() ? absl::OkStatus() : statuses[first];
}

}  // namespace

absl::Status SolveHalfStepRow(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                              absl::Span<const float> values, HalfStepWorkspace& workspace,
                              absl::Span<float> factors, float* bias) {
  *bias = 0.0f;
  std::fill(factors.begin(), factors.end(), 0.0f);
  if (columns.empty()) return absl::OkStatus();
  const kernels::RowSystem system = BuildRowSystem(fixed, columns, values, workspace);
  workspace.solution.resize(static_cast<size_t>(system.dimension()));
  const bool solved = fixed.hyperparameters->non_negative
                          ? kernels::SolveNonNegative(system, workspace.solution.data())
                          : kernels::SolveRow(system, workspace.row, workspace.solution.data());
  if (!solved) {
    return absl::InternalError("the ridge system has no finite solution; are values or weights too large?");
  }
  std::copy_n(workspace.solution.begin(), factors.size(), factors.begin());
  if (system.append_one) *bias = workspace.solution.back();
  return absl::OkStatus();
}

absl::Status SolveHalfStep(const FixedSide& fixed, const CsrMatrix& matrix, Arena& arena,
                           const CancellationToken* cancellation, FactorMatrix* solved,
                           const SolverOptions& solver) {
  solved->factors = fixed.other->factors;
  solved->values.resize(size_t{matrix.rows} * static_cast<size_t>(solved->factors));
  solved->biases.resize(matrix.rows);
  const std::vector<RowBlock> blocks = ScheduleRows(matrix, solved->factors);
  std::vector<absl::Status> statuses(blocks.size());
  arena.ParallelFor(static_cast<int64_t>(blocks.size()), 1, [&](int64_t index, int64_t) {
    const bool cancelled = cancellation != nullptr && cancellation->cancelled();
    const size_t at = static_cast<size_t>(index);
    statuses[at] = cancelled ? absl::CancelledError("training was cancelled")
                             : SolveRows(fixed, matrix, blocks[at], solver, *solved);
  });
  return FirstError(blocks, statuses);
}

}  // namespace ridgeline
