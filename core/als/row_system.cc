#include "core/als/row_system.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/als/confidence.h"

namespace ridgeline {
namespace {

void SetExplicit(const FixedSide& fixed, absl::Span<const uint32_t> columns, absl::Span<const float> values,
                 HalfStepWorkspace& workspace, kernels::RowSystem& system) {
  for (size_t entry = 0; entry < columns.size(); ++entry) {
    workspace.targets[entry] =
        static_cast<float>(values[entry] - fixed.global_mean - fixed.other->biases[columns[entry]]);
  }
  system.append_one = true;
}

// Adds what an entry with a trained row has in the sums over all pairs, alpha0 (b + s)^2 with b the bias of
// the row and s the rest of the score, to the entries with placed rows. Columns ascend: those come last.
void AddUnobservedToPlaced(const FixedSide& fixed, absl::Span<const uint32_t> columns,
                           HalfStepWorkspace& workspace) {
  const double unobserved = fixed.hyperparameters->unobserved_weight;
  for (size_t entry = columns.size(); entry-- > 0 && columns[entry] >= fixed.trained_rows();) {
    workspace.weights[entry] += static_cast<float>(unobserved);
    if (!fixed.hyperparameters->implicit_biases) continue;
    workspace.targets[entry] -= static_cast<float>(unobserved * fixed.other->biases[columns[entry]]);
  }
}

// The right side with the pull of all pairs' biases; `system` is otherwise complete.
void SetRightSide(const FixedSide& fixed, HalfStepWorkspace& workspace, kernels::RowSystem& system) {
  const size_t factors = static_cast<size_t>(system.factor_count);
  const double unobserved = fixed.hyperparameters->unobserved_weight;
  std::vector<double> sum(factors + 1);
  for (size_t k = 0; k <= factors; ++k) sum[k] = -unobserved * (*fixed.bias_moment)[k];
  for (int64_t entry = 0; entry < system.entries; ++entry) {
    const double target = workspace.targets[static_cast<size_t>(entry)];
    const float* row = system.factor_row(entry);
    for (size_t k = 0; k < factors; ++k) sum[k] += target * row[k];
    sum[factors] += target;
  }
  workspace.right_side.assign(sum.begin(), sum.end());
  system.right_side = workspace.right_side.data();
}

void SetImplicit(const FixedSide& fixed, absl::Span<const uint32_t> columns, absl::Span<const float> values,
                 HalfStepWorkspace& workspace, kernels::RowSystem& system) {
  const Hyperparameters& hyperparameters = *fixed.hyperparameters;
  const double unobserved = hyperparameters.unobserved_weight;
  const double added = hyperparameters.confidence_form == ConfidenceForm::kHu ? unobserved : 0.0;
  const bool biases = hyperparameters.implicit_biases;
  workspace.weights.resize(values.size());
  for (size_t entry = 0; entry < values.size(); ++entry) {
    const double confidence = Confidence(hyperparameters, values[entry]);
    const double missed = biases ? 1.0 - fixed.other->biases[columns[entry]] : 1.0;
    workspace.weights[entry] = static_cast<float>(confidence);
    workspace.targets[entry] = static_cast<float>(confidence * missed + added);
  }
  AddUnobservedToPlaced(fixed, columns, workspace);
  system.weights = workspace.weights.data();
  if (fixed.gramian_diagonal != nullptr) {
    system.base_diagonal = fixed.gramian_diagonal->data();
  } else {
    system.base = fixed.gramian->data();
  }
  system.base_scale = static_cast<float>(unobserved);
  system.append_one = biases;
  if (biases) SetRightSide(fixed, workspace, system);
}

void SetRidge(const FixedSide& fixed, HalfStepWorkspace& workspace, kernels::RowSystem& system) {
  const Hyperparameters& hyperparameters = *fixed.hyperparameters;
  const int64_t other_rows = static_cast<int64_t>(fixed.trained_rows());
  const auto lambda = [&](double unscaled) {
    return static_cast<float>(RowRegularization(hyperparameters, unscaled, system.entries, other_rows));
  };
  workspace.ridge.assign(static_cast<size_t>(system.dimension()), lambda(hyperparameters.regularization));
  if (system.append_one) workspace.ridge.back() = lambda(hyperparameters.bias_regularization);
  system.ridge = workspace.ridge.data();
}

}  // namespace

FixedSide FixedItems(const FactorModel& model) {
  return {.hyperparameters = &model.hyperparameters(),
          .other = &model.items(),
          .gramian = &model.item_gramian(),
          .global_mean = model.global_mean(),
          .bias_moment = &model.item_bias_moment(),
          .placed_rows = model.placed_items()};
}

FixedSide FixedUsers(const FactorModel& model) {
  return {.hyperparameters = &model.hyperparameters(),
          .other = &model.users(),
          .gramian = &model.user_gramian(),
          .global_mean = model.global_mean(),
          .bias_moment = &model.user_bias_moment()};
}

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
    SetImplicit(fixed, columns, values, workspace, system);
  }
  SetRidge(fixed, workspace, system);
  return system;
}

bool NeedsExactSolver(const Hyperparameters& hyperparameters) {
  return hyperparameters.non_negative || hyperparameters.implicit_biases;
}

absl::Status ValidateSolverFits(Solver solver, const Hyperparameters& hyperparameters) {
  const bool fits = solver == Solver::kExact || solver == Solver::kAuto || !NeedsExactSolver(hyperparameters);
  if (fits) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "solver: must be exact or auto with ",
      hyperparameters.non_negative ? "non_negative" : "implicit_biases", ", got ", SolverName(solver)));
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

}  // namespace ridgeline
