#include "core/training/model_validation.h"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/baselines/bias_only.h"
#include "core/baselines/popularity.h"
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

// What a model has that overflows where it is to be compared.
PairedFigures NotFinite() {
  PairedFigures figures;
  figures.model = {std::numeric_limits<double>::quiet_NaN()};
  figures.other = {0.0};
  return figures;
}

absl::StatusOr<PairedFigures> CompareWithLive(const FactorModel& model, const Dataset& train,
                                              const CsrMatrix& test, const LiveModel& live,
                                              const InteractionLog& log, const Measuring& measuring) {
  RIDGELINE_ASSIGN_OR_RETURN(const CommonGround ground, FindCommonGround(train, test, *live.model, *live.info,
                                                                         log, measuring.cancellation));
  if (ground.user_rows.empty()) return PairedFigures();
  const auto new_view = NewView(ground, train, model, measuring.arena, measuring.cancellation);
  if (absl::IsInternal(new_view.status())) return NotFinite();
  RIDGELINE_RETURN_IF_ERROR(new_view.status());
  RIDGELINE_ASSIGN_OR_RETURN(const auto live_view,
                             LiveView(ground, train, *live.model, measuring.arena, measuring.cancellation));
  return Compare(**new_view, *live_view, ground.held_out, measuring);
}

// Whether the evidence of the live model and of one of `feedback` is of one kind.
bool AreOfOneKind(const LiveModel& live, Feedback feedback) {
  return live.model != nullptr && live.model->hyperparameters().feedback == feedback;
}

// The rows of `matrix` that `test` has entries in; the others are empty.
CsrMatrix RowsTested(const CsrMatrix& matrix, const CsrMatrix& test) {
  CsrMatrix tested;
  tested.rows = matrix.rows;
  tested.columns = matrix.columns;
  for (uint32_t row = 0; row < matrix.rows; ++row) {
    if (test.RowEntries(row) > 0) {
      const auto columns = matrix.RowColumns(row);
      const auto values = matrix.RowValues(row);
      tested.column_indices.insert(tested.column_indices.end(), columns.begin(), columns.end());
      tested.values.insert(tested.values.end(), values.begin(), values.end());
    }
    tested.offsets.push_back(static_cast<int64_t>(tested.column_indices.size()));
  }
  return tested;
}

}  // namespace

ValidationMeasure MeasureOf(Feedback feedback) {
  return feedback == Feedback::kExplicit ? ValidationMeasure{"rmse", "bias_only"}
                                         : ValidationMeasure{"ndcg@20", "popularity"};
}

HeldOut SampleHeldOut(const Dataset& train, const InteractionTable& test) {
  HeldOut held_out;
  held_out.test = BuildDataset(SampleUsers(test, kMeasuredUsers, kSampleSeed), train.feedback).by_user;
  held_out.known = RowsTested(train.by_user, held_out.test);
  return held_out;
}

absl::StatusOr<ModelValidation> ValidateModel(const FactorModel& model, const Dataset& train,
                                              const HeldOut& held_out, const LiveModel& live,
                                              const InteractionLog& log, Arena& arena,
                                              const CancellationToken& cancellation) {
  ModelValidation validation;
  validation.measure = MeasureOf(train.feedback);
  RIDGELINE_ASSIGN_OR_RETURN(EvaluationOptions options, ParseMetrics(validation.measure.metric));
  const Measuring measuring{std::move(options), arena, cancellation};
  RIDGELINE_ASSIGN_OR_RETURN(const std::shared_ptr<const FactorModel> baseline, TrainBaseline(train));
  RIDGELINE_ASSIGN_OR_RETURN(validation.beside_baseline, Compare(model, *baseline, held_out, measuring));
  if (live.model == nullptr) {
    validation.not_compared = "no model is live";
    return validation;
  }
  if (!AreOfOneKind(live, train.feedback)) {
    validation.not_compared = "the live model is of the other kind of feedback";
    return validation;
  }
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

absl::Status ValidateFinalModel(const FactorModel& model, const HeldOut& held_out, const LiveModel& live,
                                Arena& arena, const CancellationToken& cancellation,
                                ModelValidation& validation) {
  RIDGELINE_ASSIGN_OR_RETURN(EvaluationOptions options, ParseMetrics(validation.measure.metric));
  PairedFigures& figures = validation.beside_measured;
  figures.are_errors = validation.beside_baseline.are_errors;
  figures.ratings = validation.beside_baseline.ratings;
  figures.other = validation.beside_baseline.model;
  RIDGELINE_ASSIGN_OR_RETURN(figures.model,
                             FiguresOf(model, held_out, {std::move(options), arena, cancellation}));
  if (AreOfOneKind(live, model.hyperparameters().feedback)) {
    validation.flood = FindItemFlood(model, *live.model);
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
