#include "core/lab/baseline_models.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/baselines/bias_only.h"
#include "core/baselines/popularity.h"
#include "core/lab/ranking_options.h"

namespace ridgeline {
namespace {

using Metrics = std::map<std::string, double>;
using Model = std::shared_ptr<const FactorModel>;

constexpr double kBiasRegularizations[] = {1.0, 2.0, 5.0, 10.0, 25.0};

// The model with the lowest RMSE of `models`, which are not empty.
absl::StatusOr<Model> BestByRmse(const std::vector<Model>& models, const HeldOut& held_out, Arena& arena) {
  EvaluationOptions options;
  options.rmse = true;
  Model best;
  double lowest = 0.0;
  for (const Model& model : models) {
    RIDGELINE_ASSIGN_OR_RETURN(const Metrics metrics, Evaluate(*model, held_out, options, arena));
    if (best != nullptr && metrics.at("rmse") >= lowest) continue;
    best = model;
    lowest = metrics.at("rmse");
  }
  return best;
}

absl::StatusOr<Metrics> EvaluateBias(const std::vector<Model>& models, const HeldOut& held_out,
                                     const EvaluationOptions& options, Arena& arena) {
  if (models.empty()) return Metrics();
  RIDGELINE_ASSIGN_OR_RETURN(const Model best, BestByRmse(models, held_out, arena));
  RIDGELINE_ASSIGN_OR_RETURN(Metrics metrics, Evaluate(*best, held_out, options, arena));
  metrics["regularization"] = best->hyperparameters().bias_regularization;
  return metrics;
}

}  // namespace

absl::StatusOr<BaselineModels> TrainBaselines(const Dataset& dataset) {
  BaselineModels baselines;
  RIDGELINE_ASSIGN_OR_RETURN(baselines.popularity, TrainPopularity(dataset));
  if (dataset.feedback != Feedback::kExplicit) return baselines;
  for (double regularization : kBiasRegularizations) {
    BiasOnlyOptions options;
    options.regularization = regularization;
    RIDGELINE_ASSIGN_OR_RETURN(Model model, TrainBiasOnly(dataset, options));
    baselines.bias.push_back(std::move(model));
  }
  return baselines;
}

absl::StatusOr<std::map<std::string, Metrics>> EvaluateBaselines(const BaselineModels& baselines,
                                                                 const HeldOut& held_out,
                                                                 const EvaluationOptions& options,
                                                                 Arena& arena) {
  std::map<std::string, Metrics> metrics;
  RIDGELINE_ASSIGN_OR_RETURN(metrics["popularity"],
                             Evaluate(*baselines.popularity, held_out, WithoutErrors(options), arena));
  RIDGELINE_ASSIGN_OR_RETURN(metrics["bias"], EvaluateBias(baselines.bias, held_out, options, arena));
  return metrics;
}

}  // namespace ridgeline
