#include "core/als/als_trainer.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/als/bias_initialization.h"
#include "core/als/gramian.h"
#include "core/als/half_step.h"
#include "core/als/initial_factors.h"
#include "core/als/objective.h"
#include "core/als/principal_axes.h"
#include "core/als/row_system.h"
#include "core/base/status_macros.h"
#include "core/model/row_sums.h"

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kMaxIterations = 10'000;

absl::Status ValidateDataset(const Dataset& dataset, Feedback feedback) {
  if (dataset.by_user.entries() == 0) {
    return absl::InvalidArgumentError("dataset: there are no interactions to train on");
  }
  if (dataset.feedback != feedback) {
    return absl::InvalidArgumentError("feedback: is not the one that the dataset was aggregated for");
  }
  for (const float value : dataset.by_user.values) {
    if (!std::isfinite(value) || (feedback == Feedback::kImplicit && value <= 0.0f)) {
      return absl::InvalidArgumentError(absl::StrCat("dataset: values must be finite",
                                                     feedback == Feedback::kImplicit ? " and positive" : "",
                                                     ", got ", value));
    }
  }
  return absl::OkStatus();
}

// One training. Thread-compatible.
class Training {
 public:
  Training(const Dataset& dataset, const AlsOptions& options, const AlsRun& run)
      : dataset_(dataset), options_(options), run_(run), start_(SteadyClock::now()) {
    const Hyperparameters& hyperparameters = options.hyperparameters;
    if (hyperparameters.feedback == Feedback::kExplicit) global_mean_ = MeanValue(dataset.by_user);
    items_ = InitialItems(dataset, hyperparameters, global_mean_, options.seed, run.warm_start, *run.arena);
  }

  absl::Status Iterate() {
    double previous = 0.0;
    bool settled = false;
    for (int iteration = 1; iteration <= options_.iterations; ++iteration) {
      const bool last = iteration == options_.iterations || settled;
      const SteadyClock::time_point begin = SteadyClock::now();
      RIDGELINE_RETURN_IF_ERROR(Pass(iteration == 1, last));
      const SteadyClock::duration duration = SteadyClock::now() - begin;
      const double objective =
          Objective(dataset_, options_.hyperparameters, global_mean_, users_, items_, *run_.arena);
      Report(iteration, objective, duration);
      settled =
          options_.tolerance > 0.0 && iteration > 1 && previous - objective < options_.tolerance * previous;
      if (settled && (last || AlwaysExact())) break;
      previous = objective;
    }
    return absl::OkStatus();
  }

  // The model; the training is spent afterwards.
  absl::StatusOr<std::shared_ptr<const FactorModel>> Finish() {
    FactorModelParts parts;
    parts.hyperparameters = options_.hyperparameters;
    parts.global_mean = global_mean_;
    parts.user_ids = dataset_.users;
    parts.item_ids = dataset_.items;
    parts.users = std::move(users_);
    parts.items = std::move(items_);
    parts.item_popularity = ItemPopularity(dataset_);
    return FactorModel::Create(std::move(parts));
  }

 private:
  // Users, then items. The first has no users to improve on; the last is exact.
  absl::Status Pass(bool first, bool last) {
    const SolverOptions exact{Solver::kExact};
    RIDGELINE_RETURN_IF_ERROR(
        HalfStep(dataset_.by_user, first || last ? exact : options_.solver, items_, users_));
    return HalfStep(dataset_.by_item, last ? exact : options_.solver, users_, items_);
  }

  // Whether even the longest row would be solved exactly.
  bool AlwaysExact() const {
    const int dimension = options_.hyperparameters.factors + 1;
    if (NeedsExactSolver(options_.hyperparameters)) return true;
    return MethodForRow(options_.solver, std::numeric_limits<int64_t>::max(), dimension) == Solver::kExact;
  }

  // Solves one side. The other may be turned to other axes, which its own solution is then relative to.
  absl::Status HalfStep(const CsrMatrix& matrix, const SolverOptions& solver, FactorMatrix& other,
                        FactorMatrix& solved) {
    FixedSide fixed{&options_.hyperparameters, &other};
    fixed.global_mean = global_mean_;
    std::vector<float> gramian;
    std::vector<float> bias_moment;
    const bool turn = !NeedsExactSolver(options_.hyperparameters) &&
                      (solver.solver != Solver::kExact || PrincipalAxesPay(matrix, other.factors));
    if (options_.hyperparameters.implicit_biases) {
      const RowSums sums = SumRows(other);
      gramian = ExtendedGramian(ParallelGramian(other, *run_.arena), sums);
      bias_moment = BiasMoment(sums);
      fixed.gramian = &gramian;
      fixed.bias_moment = &bias_moment;
    } else if (dataset_.feedback == Feedback::kImplicit && turn) {
      gramian = TurnToPrincipalAxes(*run_.arena, &other, &solved);
      fixed.gramian_diagonal = &gramian;
    } else if (dataset_.feedback == Feedback::kImplicit) {
      const std::vector<double> sums = ParallelGramian(other, *run_.arena);
      gramian.assign(sums.begin(), sums.end());
      fixed.gramian = &gramian;
    }
    return SolveHalfStep(fixed, matrix, *run_.arena, run_.cancellation, &solved, solver);
  }

  void Report(int iteration, double objective, SteadyClock::duration duration) const {
    if (!run_.on_progress) return;
    const SteadyClock::time_point now = SteadyClock::now();
    AlsProgress progress;
    progress.iteration = iteration;
    progress.iterations = options_.iterations;
    progress.objective = objective;
    progress.elapsed = absl::FromChrono(now - start_);
    progress.iteration_time = absl::FromChrono(duration);
    progress.eta = progress.elapsed / iteration * (options_.iterations - iteration);
    run_.on_progress(progress);
  }

  const Dataset& dataset_;
  const AlsOptions& options_;
  const AlsRun& run_;
  const SteadyClock::time_point start_;
  double global_mean_ = 0.0;
  FactorMatrix users_;
  FactorMatrix items_;
};

}  // namespace

absl::Status ValidateAlsOptions(const AlsOptions& options) {
  RIDGELINE_RETURN_IF_ERROR(ValidateHyperparameters(options.hyperparameters));
  if (options.hyperparameters.factors < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("factors: must be at least 1, got ", options.hyperparameters.factors));
  }
  if (options.iterations < 1 || options.iterations > kMaxIterations) {
    return absl::InvalidArgumentError(
        absl::StrCat("iterations: must be between 1 and ", kMaxIterations, ", got ", options.iterations));
  }
  RIDGELINE_RETURN_IF_ERROR(ValidateSolverOptions(options.solver));
  RIDGELINE_RETURN_IF_ERROR(ValidateSolverFits(options.solver.solver, options.hyperparameters));
  if (options.tolerance >= 0.0 && options.tolerance < 1.0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("tolerance: must be 0 or more and below 1, got ", options.tolerance));
}

absl::Status ValidateWarmStart(const AlsOptions& options, const FactorModel& model) {
  if (model.factors() != options.hyperparameters.factors) {
    return absl::InvalidArgumentError(absl::StrCat(
        "warm_start: has ", model.factors(), " factors, the options say ", options.hyperparameters.factors));
  }
  if (model.hyperparameters().feedback == options.hyperparameters.feedback) return absl::OkStatus();
  return absl::InvalidArgumentError("warm_start: was trained on the other kind of feedback");
}

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainAls(const Dataset& dataset, const AlsOptions& options,
                                                            const AlsRun& run) {
  RIDGELINE_RETURN_IF_ERROR(ValidateAlsOptions(options));
  if (run.arena == nullptr) return absl::InvalidArgumentError("arena: is required");
  if (run.warm_start != nullptr) RIDGELINE_RETURN_IF_ERROR(ValidateWarmStart(options, *run.warm_start));
  RIDGELINE_RETURN_IF_ERROR(ValidateDataset(dataset, options.hyperparameters.feedback));
  Training training(dataset, options, run);
  RIDGELINE_RETURN_IF_ERROR(training.Iterate());
  return training.Finish();
}

std::vector<float> ItemPopularity(const Dataset& dataset) {
  std::vector<float> popularity(dataset.by_item.rows);
  for (uint32_t item = 0; item < dataset.by_item.rows; ++item) {
    double sum = 0.0;
    for (const float weight : dataset.by_item.RowValues(item)) sum += weight;
    const bool counts = dataset.feedback == Feedback::kExplicit;
    popularity[item] = static_cast<float>(counts ? dataset.by_item.RowEntries(item) : sum);
  }
  return popularity;
}

}  // namespace ridgeline
