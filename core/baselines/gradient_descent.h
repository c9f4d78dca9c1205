#ifndef RIDGELINE_CORE_BASELINES_GRADIENT_DESCENT_H_
#define RIDGELINE_CORE_BASELINES_GRADIENT_DESCENT_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/als/als_trainer.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// What every trainer by stochastic gradient descent takes.
struct GradientDescentOptions {
  Hyperparameters hyperparameters;
  int iterations = 30;          ///< passes over all pairs; 1 to 10,000
  double learning_rate = 0.02;  ///< of the first pass; above 0, at most 10
  double decay = 0.95;          ///< times the learning rate after each pass; above 0, at most 1
  uint64_t seed = 1;            ///< of initial factors, orders and draws
};

/// What training takes besides the data. The pointers may be null, except `arena`, and must outlive the call.
struct GradientDescentRun {
  Arena* arena = nullptr;
  const CancellationToken* cancellation = nullptr;
  /// Called on the training thread after each pass.
  std::function<void(const AlsProgress&)> on_progress = {};
};

/// OK, or kInvalidArgument beginning with the option's name, "arena", "dataset" when it is empty, or
/// "feedback" when dataset and options do not agree with `feedback`.
absl::Status ValidateGradientDescent(const Dataset& dataset, const GradientDescentOptions& options,
                                     const GradientDescentRun& run, Feedback feedback);

/// Both sides of a model while it is trained.
struct BothSides {
  FactorMatrix users;
  FactorMatrix items;
};

/// Random factors, N(0, (0.1 / sqrt K)^2) on both sides, zero for rows without entries; biases as
/// InitialItems.
BothSides InitialSides(const Dataset& dataset, const GradientDescentOptions& options, double global_mean,
                       Arena& arena);

/// Runs the passes: `pass(iteration, learning_rate)`, then a report with `objective()`. kCancelled between
/// passes.
absl::Status Descend(const GradientDescentOptions& options, const GradientDescentRun& run,
                     const std::function<void(int iteration, float learning_rate)>& pass,
                     const std::function<double()>& objective);

/// The model of the two sides. The errors of FactorModel::Create: a learning rate that is too large makes the
/// factors grow without bounds.
absl::StatusOr<std::shared_ptr<const FactorModel>> FinishModel(const Dataset& dataset,
                                                               const Hyperparameters& hyperparameters,
                                                               double global_mean, BothSides sides);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_BASELINES_GRADIENT_DESCENT_H_
