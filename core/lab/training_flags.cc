#include "core/lab/training_flags.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

constexpr int kMaxThreads = 1024;
constexpr int kMaxIterations = 10'000;

absl::StatusOr<Algorithm> ParseAlgorithm(absl::string_view name) {
  for (Algorithm algorithm : {Algorithm::kAls, Algorithm::kPopularity, Algorithm::kBias}) {
    if (name == AlgorithmName(algorithm)) return algorithm;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("algorithm: must be als, popularity or bias, got '", name, "'"));
}

absl::Status CheckRange(absl::string_view field, int64_t value, int64_t low, int64_t high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be between ", low, " and ", high, ", got ", value));
}

absl::Status CheckAls(const AlsOptions& options) {
  if (options.hyperparameters.factors < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("factors: must be at least 1, got ", options.hyperparameters.factors));
  }
  RIDGELINE_RETURN_IF_ERROR(CheckRange("iterations", options.iterations, 1, kMaxIterations));
  if (std::isfinite(options.tolerance) && options.tolerance >= 0.0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("tolerance: must be a finite number of at least 0, got ", options.tolerance));
}

absl::Status CheckBias(const TrainingOptions& options) {
  if (options.als.hyperparameters.feedback != Feedback::kExplicit) {
    return absl::InvalidArgumentError("algorithm: bias is fitted to ratings, use --feedback explicit");
  }
  return CheckRange("iterations", options.als.iterations, 1, kMaxIterations);
}

}  // namespace

absl::string_view AlgorithmName(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kAls:
      return "als";
    case Algorithm::kPopularity:
      return "popularity";
    case Algorithm::kBias:
      break;
  }
  return "bias";
}

AlsOptions DefaultAlsOptions(Feedback feedback) {
  AlsOptions options;
  options.hyperparameters = DefaultHyperparameters(feedback);
  return options;
}

void AddTrainingFlags(CLI::App& command, TrainingFlags* flags) {
  command.add_option("--feedback", flags->feedback, "explicit (values are ratings) or implicit (weights)")
      ->required();
  command.add_option("--algorithm", flags->algorithm, "als, popularity or bias")->capture_default_str();
  command.add_option("--factors", flags->hyperparameters.factors, "K, factors a user and an item have");
  command.add_option("--regularization", flags->hyperparameters.regularization, "lambda on factors, above 0");
  command.add_option("--bias-regularization", flags->hyperparameters.bias_regularization,
                     "lambda on biases, above 0; explicit only. With --algorithm bias it is not scaled");
  command.add_option("--regularization-scaling", flags->hyperparameters.regularization_scaling,
                     "none, or frequency: lambda times (entries of the row)^NU");
  command.add_option("--frequency-exponent", flags->hyperparameters.frequency_exponent,
                     "NU of --regularization-scaling frequency");
  command.add_option("--unobserved-weight", flags->hyperparameters.unobserved_weight,
                     "alpha0, weight of all pairs; implicit only");
  command.add_option("--confidence-scale", flags->hyperparameters.confidence_scale,
                     "alpha, multiplies weights; implicit only");
  command.add_option("--confidence-form", flags->hyperparameters.confidence_form,
                     "ials or hu; implicit only");
  command.add_option("--iterations", flags->iterations, "Passes over all users and items");
  command
      .add_option("--tolerance", flags->tolerance, "Stop when the objective falls by less than this share")
      ->capture_default_str();
  command.add_option("--threads", flags->threads, "Threads; 0: one a processor")->capture_default_str();
  command.add_option("--seed", flags->seed, "Of initial factors and of --split")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

absl::StatusOr<TrainingOptions> ResolveTrainingFlags(const TrainingFlags& flags) {
  TrainingOptions options;
  RIDGELINE_ASSIGN_OR_RETURN(const Feedback feedback, ParseFeedback(flags.feedback));
  RIDGELINE_ASSIGN_OR_RETURN(options.algorithm, ParseAlgorithm(flags.algorithm));
  options.als = DefaultAlsOptions(feedback);
  RIDGELINE_ASSIGN_OR_RETURN(options.als.hyperparameters,
                             ResolveHyperparameters(feedback, flags.hyperparameters));
  options.als.iterations = flags.iterations.value_or(options.als.iterations);
  options.als.tolerance = flags.tolerance;
  options.als.seed = flags.seed;
  options.bias_only_regularization =
      flags.hyperparameters.bias_regularization.value_or(options.bias_only_regularization);
  options.threads = flags.threads;
  RIDGELINE_RETURN_IF_ERROR(CheckRange("threads", options.threads, 0, kMaxThreads));
  if (options.algorithm == Algorithm::kAls) RIDGELINE_RETURN_IF_ERROR(CheckAls(options.als));
  if (options.algorithm == Algorithm::kBias) RIDGELINE_RETURN_IF_ERROR(CheckBias(options));
  return options;
}

}  // namespace ridgeline
