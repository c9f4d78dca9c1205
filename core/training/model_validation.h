#ifndef RIDGELINE_CORE_TRAINING_MODEL_VALIDATION_H_
#define RIDGELINE_CORE_TRAINING_MODEL_VALIDATION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/dataset/interaction_table.h"
#include "core/evaluation/evaluator.h"
#include "core/interactions/interaction_log.h"
#include "core/model/factor_model.h"
#include "core/model/model_file.h"
#include "core/training/item_flood.h"
#include "core/training/paired_figures.h"

namespace ridgeline {

/// The model that is served while another is trained. The pointers must outlive it; null: none is.
struct LiveModel {
  const FactorModel* model = nullptr;
  const ModelInfo* info = nullptr;
};

/// What a model is measured by, by its feedback.
struct ValidationMeasure {
  const char* metric;    ///< "ndcg@20", or "rmse" for ratings
  const char* baseline;  ///< "popularity", or "bias_only" for ratings
};

ValidationMeasure MeasureOf(Feedback feedback);

/// A new model beside others. There are two of it: the measured one, trained without what is held out, and
/// the final one, which went on from that with everything and is to serve.
struct ModelValidation {
  ValidationMeasure measure{};
  PairedFigures beside_baseline;  ///< the measured one, beside one trained on the same
  PairedFigures beside_live;      ///< likewise, on what FindCommonGround leaves; without users if nothing
  PairedFigures beside_measured;  ///< the final one, on what it has learned meanwhile
  ItemFlood flood;                ///< in the final one, since the live model was trained
  std::string not_compared;       ///< why there is no comparison with the live model, for people; "" else
};

/// What models are measured on, in rows of `train`: those of `test`, which shares its id maps, of at most
/// 10,000 users, the same ones from model to model as far as they are held out.
HeldOut SampleHeldOut(const Dataset& train, const InteractionTable& test);

/// Measures `model`, trained on `train`, beside the baseline, and beside `live` where that is a model of the
/// same feedback; `log` tells what that was trained on. Both are then folded in with the same histories. The
/// errors of EvaluateEachUser, kCancelled among them, and the log's.
absl::StatusOr<ModelValidation> ValidateModel(const FactorModel& model, const Dataset& train,
                                              const HeldOut& held_out, const LiveModel& live,
                                              const InteractionLog& log, Arena& arena,
                                              const CancellationToken& cancellation);

/// Adds to `validation` what is found of the final model. The errors of EvaluateEachUser.
absl::Status ValidateFinalModel(const FactorModel& model, const HeldOut& held_out, const LiveModel& live,
                                Arena& arena, const CancellationToken& cancellation,
                                ModelValidation& validation);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_MODEL_VALIDATION_H_
