#ifndef RIDGELINE_CORE_LAB_TRAINING_FLAGS_H_
#define RIDGELINE_CORE_LAB_TRAINING_FLAGS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/als/als_trainer.h"
#include "core/baselines/bpr.h"
#include "core/model/hyperparameter_overrides.h"

namespace ridgeline {

/// What trains a model.
enum class Algorithm { kAls, kSgd, kBpr, kPopularity, kBias };

/// "als", "sgd", "bpr", "popularity" or "bias". The view lives for ever.
absl::string_view AlgorithmName(Algorithm algorithm);

/// The flags that say how a model is trained; those left out get the defaults of the kind of feedback. A
/// plain value; CLI11 writes into it.
struct TrainingFlags {
  std::string feedback;
  std::string algorithm = "als";
  HyperparameterOverrides hyperparameters;
  std::optional<int> iterations;
  std::string solver = "auto";
  SolverOptions solver_options;  ///< its `solver` is that of the flag above once resolved
  double tolerance = 0.0;
  std::optional<double> learning_rate;
  std::optional<double> learning_rate_decay;
  std::string negative_sampling = "uniform";
  int threads = 0;
  uint64_t seed = 1;
};

/// How a model is trained, checked.
struct TrainingOptions {
  Algorithm algorithm = Algorithm::kAls;
  AlsOptions als;
  BprOptions descent;                     ///< of Algorithm::kSgd, which takes its `descent`, and kBpr
  double bias_only_regularization = 5.0;  ///< lambda_b of Algorithm::kBias, which has no scaling
  int threads = 0;                        ///< 0: one a processor
};

/// The options of Algorithm::kAls by kind of feedback: DefaultHyperparameters.
AlsOptions DefaultAlsOptions(Feedback feedback);

/// Binds the flags of `command` to `flags`, which must outlive the parse.
void AddHyperparameterFlags(CLI::App& command, HyperparameterOverrides* hyperparameters);

/// Those, and how to train.
void AddTrainingFlags(CLI::App& command, TrainingFlags* flags);

/// kInvalidArgument beginning with the flag's field name.
absl::StatusOr<TrainingOptions> ResolveTrainingFlags(const TrainingFlags& flags);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_TRAINING_FLAGS_H_
