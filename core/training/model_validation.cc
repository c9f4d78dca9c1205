#include "core/training/model_validation.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/baselines/bias_only.h"
#include "core/baselines/popularity.h"
#include "core/evaluation/evaluator.h"
#include "core/training/training_data.h"

namespace ridgeline {
namespace {

constexpr size_t kMeasuredUsers = 10'000;
constexpr uint64_t kSampleSeed = 1;  // the same users from model to model, as far as they are held out

struct Measure {
  const char* metrics;   // as ParseMetrics reads them
  const char* baseline;  // what the baseline's metric is called by
};

Measure MeasureOf(Feedback feedback) {
  return feedback == Feedback::kExplicit ? Measure{"rmse", "bias_only"} : Measure{"ndcg@20", "popularity"};
}

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainBaseline(const Dataset& train) {
  return train.feedback == Feedback::kExplicit ? TrainBiasOnly(train, BiasOnlyOptions())
                                               : TrainPopularity(train);
}

}  // namespace

absl::StatusOr<std::map<std::string, double>> ValidateModel(const FactorModel& model, const Dataset& train,
                                                            const InteractionTable& test, Arena& arena) {
  const Measure measure = MeasureOf(train.feedback);
  RIDGELINE_ASSIGN_OR_RETURN(const EvaluationOptions options, ParseMetrics(measure.metrics));
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const FactorModel> baseline, TrainBaseline(train));
  HeldOut held_out;
  held_out.known = train.by_user;
  held_out.test = BuildDataset(SampleUsers(test, kMeasuredUsers, kSampleSeed), train.feedback).by_user;
  std::map<std::string, double> metrics;
  const auto measure_as = [&](const FactorModel& measured, const char* name) -> absl::Status {
    RIDGELINE_ASSIGN_OR_RETURN(const auto values, Evaluate(measured, held_out, options, arena));
    for (const auto& [metric, value] : values) metrics[absl::StrCat(name, "_", metric)] = value;
    return absl::OkStatus();
  };
  RIDGELINE_RETURN_IF_ERROR(measure_as(model, "validation"));
  RIDGELINE_RETURN_IF_ERROR(measure_as(*baseline, measure.baseline));
  return metrics;
}

}  // namespace ridgeline
