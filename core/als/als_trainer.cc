#include "core/als/als_trainer.h"

#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/als/bias_initialization.h"
#include "core/als/half_step.h"
#include "core/als/initial_factors.h"
#include "core/als/objective.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kMaxIterations = 10'000;

absl::Status ValidateOptions(const AlsOptions& options) {
  RIDGELINE_RETURN_IF_ERROR(ValidateHyperparameters(options.hyperparameters));
  if (options.hyperparameters.factors < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("factors: must be at least 1, got ", options.hyperparameters.factors));
  }
  if (options.iterations < 1 || options.iterations > kMaxIterations) {
    return absl::InvalidArgumentError(
        absl::StrCat("iterations: must be between 1 and ", kMaxIterations, ", got ", options.iterations));
  }
  if (!std::isfinite(options.tolerance) || options.tolerance < 0.0) {
    return absl::InvalidArgumentError(
        absl::StrCat("tolerance: must be a finite number, at least 0, got ", options.tolerance));
  }
  return absl::OkStatus();
}

absl::Status ValidateRun(const AlsOptions& options, const AlsRun& run) {
  if (run.arena == nullptr) return absl::InvalidArgumentError("arena: is required");
  if (run.warm_start == nullptr) return absl::OkStatus();
  if (run.warm_start->factors() != options.hyperparameters.factors) {
    return absl::InvalidArgumentError(absl::StrCat("warm_start: has ", run.warm_start->factors(),
                                                   " factors, the options say ",
                                                   options.hyperparameters.factors));
  }
  if (run.warm_start->hyperparameters().feedback != options.hyperparameters.feedback) {
    return absl::InvalidArgumentError("warm_start: was trained on the other kind of feedback");
  }
  return absl::OkStatus();
}

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

// How often an item was rated (explicit), or the sum of its weights (implicit).
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
    for (int iteration = 1; iteration <= options_.iterations; ++iteration) {
      const SteadyClock::time_point begin = SteadyClock::now();
      RIDGELINE_RETURN_IF_ERROR(HalfStep(items_, dataset_.by_user, users_));
      RIDGELINE_RETURN_IF_ERROR(HalfStep(users_, dataset_.by_item, items_));
      const double objective =
          Objective(dataset_, options_.hyperparameters, global_mean_, users_, items_, *run_.arena);
      Report(iteration, objective, begin);
      const bool settled = iteration > 1 && previous - objective < options_.tolerance * previous;
      if (settled && options_.tolerance > 0.0) break;
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
  absl::Status HalfStep(const FactorMatrix& other, const CsrMatrix& matrix, FactorMatrix& solved) {
    std::vector<float> gramian;
    if (dataset_.feedback == Feedback::kImplicit) gramian = Gramian(other);
    const FixedSide fixed{&options_.hyperparameters, &other, &gramian, global_mean_};
    return SolveHalfStep(fixed, matrix, *run_.arena, run_.cancellation, &solved);
  }

  void Report(int iteration, double objective, SteadyClock::time_point begin) const {
    if (!run_.on_progress) return;
    const SteadyClock::time_point now = SteadyClock::now();
    AlsProgress progress;
    progress.iteration = iteration;
    progress.iterations = options_.iterations;
    progress.objective = objective;
    progress.elapsed = absl::FromChrono(now - start_);
    progress.iteration_time = absl::FromChrono(now - begin);
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

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainAls(const Dataset& dataset, const AlsOptions& options,
                                                            const AlsRun& run) {
  RIDGELINE_RETURN_IF_ERROR(ValidateOptions(options));
  RIDGELINE_RETURN_IF_ERROR(ValidateRun(options, run));
  RIDGELINE_RETURN_IF_ERROR(ValidateDataset(dataset, options.hyperparameters.feedback));
  Training training(dataset, options, run);
  RIDGELINE_RETURN_IF_ERROR(training.Iterate());
  return training.Finish();
}

}  // namespace ridgeline
