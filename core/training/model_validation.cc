#include "core/training/model_validation.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/baselines/bias_only.h"
#include "core/baselines/popularity.h"
#include "core/evaluation/evaluator.h"
#include "core/training/live_view.h"
#include "core/training/validation_split.h"

namespace ridgeline {
namespace {

constexpr size_t kMeasuredUsers = 10'000;
constexpr uint64_t kSampleSeed = 1;  // the same users from model to model, as far as they are held out

// How every model is measured.
struct Measuring {
  EvaluationOptions options;
  Arena& arena;
  const CancellationToken& cancellation;
};

absl::StatusOr<std::shared_ptr<const FactorModel>> TrainBaseline(const Dataset& train) {
  return train.feedback == Feedback::kExplicit ? TrainBiasOnly(train, BiasOnlyOptions())
                                               : TrainPopularity(train);
}

absl::StatusOr<std::vector<double>> FiguresOf(const FactorModel& model, const HeldOut& held_out,
                                              const Measuring& measuring) {
  RIDGELINE_ASSIGN_OR_RETURN(
      const std::vector<UserFigures> users,
      EvaluateEachUser(model, held_out, measuring.options, measuring.arena, measuring.cancellation));
  std::vector<double> figures;
  figures.reserve(users.size());
  for (const UserFigures& user : users) {
    figures.push_back(measuring.options.rmse ? user.squared_error : user.ranking.front());
  }
  return figures;
}

absl::StatusOr<PairedFigures> Compare(const FactorModel& model, const FactorModel& other,
                                      const HeldOut& held_out, const Measuring& measuring) {
  PairedFigures figures;
  figures.are_errors = measuring.options.rmse;
  figures.ratings = held_out.test.entries();
  RIDGELINE_ASSIGN_OR_RETURN(figures.model, FiguresOf(model, held_out, measuring));
  RIDGELINE_ASSIGN_OR_RETURN(figures.other, FiguresOf(other, held_out, measuring));
  return figures;
}

absl::StatusOr<PairedFigures> CompareWithLive(const FactorModel& model, const Dataset& train,
                                              const CsrMatrix& test, const LiveModel& live,
                                              const InteractionLog& log, const Measuring& measuring) {
  RIDGELINE_ASSIGN_OR_RETURN(const CommonGround ground,
                             FindCommonGround(train, test, *live.model, live.info->trained_through_sequence,
                                              log, measuring.cancellation));
  if (ground.user_rows.empty()) return PairedFigures();
  RIDGELINE_ASSIGN_OR_RETURN(const auto new_view,
                             NewView(ground, train, model, measuring.arena, measuring.cancellation));
  RIDGELINE_ASSIGN_OR_RETURN(const auto live_view,
                             LiveView(ground, train, *live.model, measuring.arena, measuring.cancellation));
  return Compare(*new_view, *live_view, ground.held_out, measuring);
}

}  // namespace

ValidationMeasure MeasureOf(Feedback feedback) {
  return feedback == Feedback::kExplicit ? ValidationMeasure{"rmse", "bias_only"}
                                         : ValidationMeasure{"ndcg@20", "popularity"};
}

absl::StatusOr<ModelValidation> ValidateModel(const FactorModel& model, const Dataset& train,
                                              const InteractionTable& test, const LiveModel& live,
                                              const InteractionLog& log, Arena& arena,
                                              const CancellationToken& cancellation) {
  ModelValidation validation;
  validation.measure = MeasureOf(train.feedback);
  RIDGELINE_ASSIGN_OR_RETURN(EvaluationOptions options, ParseMetrics(validation.measure.metric));
  const Measuring measuring{std::move(options), arena, cancellation};
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const FactorModel> baseline, TrainBaseline(train));
  HeldOut held_out;
  held_out.known = train.by_user;
  held_out.test = BuildDataset(SampleUsers(test, kMeasuredUsers, kSampleSeed), train.feedback).by_user;
  RIDGELINE_ASSIGN_OR_RETURN(validation.beside_baseline, Compare(model, *baseline, held_out, measuring));
  if (live.model == nullptr) {
    validation.not_compared = "no model is live";
    return validation;
  }
  if (live.model->hyperparameters().feedback != train.feedback) {
    validation.not_compared = "the live model is of the other kind of feedback";
    return validation;
  }
  validation.flood = FindItemFlood(model, *live.model);
  absl::StatusOr<PairedFigures> figures = CompareWithLive(model, train, held_out.test, live, log, measuring);
  // Numbers beyond float32 in a fold-in: a finding about the models, no failure of the training.
  if (absl::IsInternal(figures.status())) {
    validation.not_compared = std::string(figures.status().message());
    return validation;
  }
  RIDGELINE_RETURN_IF_ERROR(figures.status());
  validation.beside_live = *std::move(figures);
  return validation;
}

}  // namespace ridgeline
