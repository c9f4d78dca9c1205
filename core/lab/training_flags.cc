#include "core/lab/training_flags.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/lab/flag_range.h"

namespace ridgeline {
namespace {

constexpr int kMaxIterations = 10'000;

absl::StatusOr<Algorithm> ParseAlgorithm(absl::string_view name) {
  for (Algorithm algorithm :
       {Algorithm::kAls, Algorithm::kSgd, Algorithm::kBpr, Algorithm::kPopularity, Algorithm::kBias}) {
    if (name == AlgorithmName(algorithm)) return algorithm;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("algorithm: must be als, sgd, bpr, popularity or bias, got '", name, "'"));
}

// The options of gradient descent. BPR regularizes by step, so that its scale is not ALS's.
absl::StatusOr<BprOptions> ResolveDescent(const TrainingFlags& flags,
                                          const Hyperparameters& hyperparameters) {
  const bool rates = hyperparameters.feedback == Feedback::kExplicit;
  BprOptions options;
  options.descent.hyperparameters = hyperparameters;
  options.descent.iterations = flags.iterations.value_or(rates ? 30 : 200);
  options.descent.learning_rate = flags.learning_rate.value_or(rates ? 0.05 : 0.1);
  options.descent.decay = flags.learning_rate_decay.value_or(rates ? 0.95 : 0.98);
  options.descent.seed = flags.seed;
  options.regularization = flags.hyperparameters.regularization.value_or(options.regularization);
  RIDGELINE_ASSIGN_OR_RETURN(options.negatives, ParseNegativeSampling(flags.negative_sampling));
  return options;
}

absl::Status CheckFeedback(Algorithm algorithm, Feedback feedback) {
  if (algorithm == Algorithm::kSgd && feedback != Feedback::kExplicit) {
    return absl::InvalidArgumentError("algorithm: sgd is fitted to ratings, use --feedback explicit");
  }
  if (algorithm == Algorithm::kBpr && feedback != Feedback::kImplicit) {
    return absl::InvalidArgumentError("algorithm: bpr ranks what was seen, use --feedback implicit");
  }
  return absl::OkStatus();
}

absl::Status CheckBias(const TrainingOptions& options) {
  if (options.als.hyperparameters.feedback != Feedback::kExplicit) {
    return absl::InvalidArgumentError("algorithm: bias is fitted to ratings, use --feedback explicit");
  }
  return CheckRange("iterations", options.als.iterations, 1, kMaxIterations);
}

void AddWeightFlags(CLI::App& command, HyperparameterOverrides& hyperparameters) {
  command.add_option("--confidence-scaling", hyperparameters.confidence_scaling,
                     "linear: alpha * weight; log: alpha * log(1 + weight / EPSILON); implicit only");
  command.add_option("--confidence-epsilon", hyperparameters.confidence_epsilon,
                     "EPSILON of --confidence-scaling log, above 0");
  command.add_flag("--implicit-biases", hyperparameters.implicit_biases,
                   "Give users and items biases, over all pairs; implicit only");
  command.add_option(
      "--event-type-weights", hyperparameters.event_type_weights,
      "TYPE=FACTOR,...: multiplies weights by event type, 0 leaves the type out; implicit only");
  command.add_option(
      "--half-life-days", hyperparameters.half_life_days,
      "Days in which an event loses half its weight, from the newest; 0: never; implicit only");
  command.add_flag("--non-negative", hyperparameters.non_negative, "Keep factors at 0 or above");
}

}  // namespace

absl::string_view AlgorithmName(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kAls:
      return "als";
    case Algorithm::kSgd:
      return "sgd";
    case Algorithm::kBpr:
      return "bpr";
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

void AddHyperparameterFlags(CLI::App& command, HyperparameterOverrides* hyperparameters) {
  command.add_option("--factors", hyperparameters->factors, "K, factors a user and an item have");
  command.add_option("--regularization", hyperparameters->regularization, "lambda on factors, above 0");
  command.add_option("--bias-regularization", hyperparameters->bias_regularization,
                     "lambda on biases, above 0; explicit, or with --implicit-biases. With --algorithm bias "
                     "it is not scaled");
  command.add_option("--regularization-scaling", hyperparameters->regularization_scaling,
                     "none, or frequency: lambda times (entries of the row)^NU");
  command.add_option("--frequency-exponent", hyperparameters->frequency_exponent,
                     "NU of --regularization-scaling frequency");
  command.add_option("--unobserved-weight", hyperparameters->unobserved_weight,
                     "alpha0, weight of all pairs; implicit only");
  command.add_option("--confidence-scale", hyperparameters->confidence_scale,
                     "alpha, multiplies weights; implicit only");
  command.add_option("--confidence-form", hyperparameters->confidence_form, "ials or hu; implicit only");
  AddWeightFlags(command, *hyperparameters);
}

void AddTrainingFlags(CLI::App& command, TrainingFlags* flags) {
  command.add_option("--feedback", flags->feedback, "explicit (values are ratings) or implicit (weights)")
      ->required();
  command
      .add_option("--algorithm", flags->algorithm,
                  "als, sgd (explicit), bpr (implicit), popularity or bias (explicit)")
      ->capture_default_str();
  AddHyperparameterFlags(command, &flags->hyperparameters);
  command.add_option("--iterations", flags->iterations, "Passes over all users and items");
  command.add_option("--solver", flags->solver, "exact, cg, subspace or auto; the last pass is always exact")
      ->capture_default_str();
  command
      .add_option("--subspace-size", flags->solver_options.subspace_size,
                  "Coordinates a block of --solver subspace")
      ->capture_default_str();
  command
      .add_option("--cg-steps", flags->solver_options.conjugate_gradient_steps, "Steps a row of --solver cg")
      ->capture_default_str();
  command
      .add_option("--tolerance", flags->tolerance, "Stop when the objective falls by less than this share")
      ->capture_default_str();
  command.add_option("--learning-rate", flags->learning_rate, "Of the first pass; sgd and bpr only");
  command.add_option("--learning-rate-decay", flags->learning_rate_decay,
                     "Times the learning rate after each pass; sgd and bpr only");
  command.add_option("--negative-sampling", flags->negative_sampling, "uniform or popularity; bpr only")
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
  options.als.solver = flags.solver_options;
  RIDGELINE_ASSIGN_OR_RETURN(options.als.solver.solver, ParseSolver(flags.solver));
  options.als.tolerance = flags.tolerance;
  options.als.seed = flags.seed;
  RIDGELINE_RETURN_IF_ERROR(CheckFeedback(options.algorithm, feedback));
  RIDGELINE_ASSIGN_OR_RETURN(options.descent, ResolveDescent(flags, options.als.hyperparameters));
  options.bias_only_regularization =
      flags.hyperparameters.bias_regularization.value_or(options.bias_only_regularization);
  options.threads = flags.threads;
  RIDGELINE_RETURN_IF_ERROR(CheckThreads(options.threads));
  if (options.algorithm == Algorithm::kAls) RIDGELINE_RETURN_IF_ERROR(ValidateAlsOptions(options.als));
  if (options.algorithm == Algorithm::kBias) RIDGELINE_RETURN_IF_ERROR(CheckBias(options));
  return options;
}

}  // namespace ridgeline
