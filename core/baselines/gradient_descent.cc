#include "core/baselines/gradient_descent.h"

#include <chrono>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/als/initial_factors.h"
#include "core/base/random.h"
#include "core/base/status_macros.h"
#include "core/baselines/popularity.h"

namespace ridgeline {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kMaxEpochs = 10'000;
constexpr double kMaxLearningRate = 10.0;
constexpr double kInitialDeviation = 0.1;
// Keeps the users' draws apart from the items', which come from the seed itself.
constexpr uint64_t kUserSeed = 0x75736572;

absl::Status ValidateInRange(absl::string_view field, double value, double high) {
  if (std::isfinite(value) && value > 0.0 && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be above 0 and at most ", high, ", got ", value));
}

}  // namespace

absl::Status ValidateGradientDescent(const Dataset& dataset, const GradientDescentOptions& options,
                                     const GradientDescentRun& run, Feedback feedback) {
  RIDGELINE_RETURN_IF_ERROR(ValidateHyperparameters(options.hyperparameters));
  RIDGELINE_RETURN_IF_ERROR(ValidateInRange("factors", options.hyperparameters.factors, 4096));
  RIDGELINE_RETURN_IF_ERROR(ValidateInRange("iterations", options.iterations, kMaxEpochs));
  RIDGELINE_RETURN_IF_ERROR(ValidateInRange("learning_rate", options.learning_rate, kMaxLearningRate));
  RIDGELINE_RETURN_IF_ERROR(ValidateInRange("decay", options.decay, 1.0));
  if (run.arena == nullptr) return absl::InvalidArgumentError("arena: is required");
  if (options.hyperparameters.feedback != feedback || dataset.feedback != feedback) {
    return absl::InvalidArgumentError(absl::StrCat("feedback: must be ", FeedbackName(feedback)));
  }
  if (dataset.by_user.entries() == 0) {
    return absl::InvalidArgumentError("dataset: there are no interactions to train on");
  }
  return absl::OkStatus();
}

BothSides InitialSides(const Dataset& dataset, const GradientDescentOptions& options, double global_mean,
                       Arena& arena) {
  const Hyperparameters& hyperparameters = options.hyperparameters;
  BothSides sides;
  sides.items = InitialItems(dataset, hyperparameters, global_mean, options.seed, nullptr, arena);
  sides.users.factors = hyperparameters.factors;
  sides.users.biases.assign(dataset.by_user.rows, 0.0f);
  sides.users.values.assign(size_t{dataset.by_user.rows} * static_cast<size_t>(hyperparameters.factors),
                            0.0f);
  const double deviation = kInitialDeviation / std::sqrt(static_cast<double>(hyperparameters.factors));
  for (uint32_t user = 0; user < dataset.by_user.rows; ++user) {
    if (dataset.by_user.RowEntries(user) == 0) continue;
    Random random = Random::Fork(options.seed ^ kUserSeed, user);
    const size_t begin = size_t{user} * static_cast<size_t>(hyperparameters.factors);
    for (int k = 0; k < hyperparameters.factors; ++k) {
      sides.users.values[begin + static_cast<size_t>(k)] = static_cast<float>(deviation * random.Normal());
    }
  }
  return sides;
}

absl::Status Descend(const GradientDescentOptions& options, const GradientDescentRun& run,
                     const std::function<void(int iteration, float learning_rate)>& pass,
                     const std::function<double()>& objective) {
  const SteadyClock::time_point start = SteadyClock::now();
  double learning_rate = options.learning_rate;
  for (int iteration = 1; iteration <= options.iterations; ++iteration) {
    if (run.cancellation != nullptr && run.cancellation->cancelled()) {
      return absl::CancelledError("training was cancelled");
    }
    const SteadyClock::time_point begin = SteadyClock::now();
    pass(iteration, static_cast<float>(learning_rate));
    learning_rate *= options.decay;
    if (!run.on_progress) continue;
    AlsProgress progress;
    progress.iteration = iteration;
    progress.iterations = options.iterations;
    progress.iteration_time = absl::FromChrono(SteadyClock::now() - begin);
    progress.objective = objective();
    progress.elapsed = absl::FromChrono(SteadyClock::now() - start);
    progress.eta = progress.elapsed / iteration * (options.iterations - iteration);
    run.on_progress(progress);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const FactorModel>> FinishModel(const Dataset& dataset,
                                                               const Hyperparameters& hyperparameters,
                                                               double global_mean, BothSides sides) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const FactorModel> popularity, TrainPopularity(dataset));
  FactorModelParts parts;
  parts.hyperparameters = hyperparameters;
  parts.global_mean = global_mean;
  parts.user_ids = dataset.users;
  parts.item_ids = dataset.items;
  parts.users = std::move(sides.users);
  parts.items = std::move(sides.items);
  parts.item_popularity = popularity->item_popularity();
  return FactorModel::Create(std::move(parts));
}

}  // namespace ridgeline
