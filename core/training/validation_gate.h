#ifndef RIDGELINE_CORE_TRAINING_VALIDATION_GATE_H_
#define RIDGELINE_CORE_TRAINING_VALIDATION_GATE_H_

#include <cstdint>
#include <string>

#include "core/model/model_file.h"
#include "core/training/model_validation.h"

namespace ridgeline {

/// What was found of a new model and what follows. A plain value.
struct GateVerdict {
  std::string metric;  ///< "ndcg@20", more is better, or "rmse", less is better; "" when nothing was measured
  std::string baseline;  ///< "popularity" or "bias_only"
  int64_t users = 0;     ///< that the next two are of
  double model_figure = 0.0;
  double baseline_figure = 0.0;

  std::string live_version;  ///< the model that was live; "" when none was
  int64_t live_users = 0;    ///< that the next two are of: those on whom both models can be compared
  double live_figure = 0.0;
  double model_beside_live_figure = 0.0;

  bool held_back = false;
  std::string reason;  ///< why it is held back, or what could not be told or done; for people
};

/// Whether a new model may go live. In this order it is held back when
///  1. a figure of it is not finite;
///  2. it is surely worse than the live model by more than `tolerance`, a share of that model's figure;
///  3. it is surely worse than the baseline by more than `tolerance`;
///  4. surely less than half is left of the advantage over the baseline that the live model had when it
///     was trained: what the newest events say has little to do with what users did before;
///  5. its figure is surely below a quarter of the live model's when that was trained, or its error above
///     one and a half times: the newest events cannot be predicted at all any more;
///  6. it is surely worse by more than `tolerance` at the newest events once it has learned them than before:
///    what they teach is no taste;
///  7. one item has flooded the data, see FindItemFlood.
/// "Surely" as in IsSurelyWorse: too few users tell nothing, and the model passes with a reason that says so.
/// What was found of the live model on too few of them, or on nobody knows how many, tells nothing for 4 and
/// 5 either: a lucky figure would hold back every later model. Pure.
GateVerdict JudgeModel(const ModelValidation& validation, const LiveModel& live, double tolerance);

/// The verdict where nothing could be held out: it passes.
GateVerdict NotMeasured(const LiveModel& live);

/// The figures of `verdict` as a model's info keeps them: "validation_ndcg@20" and "popularity_ndcg@20", with
/// "validation_users" that they are of, and, where it was compared with a live model, "live_ndcg@20" and
/// "beside_live_ndcg@20"; only finite ones.
void AddMetrics(const GateVerdict& verdict, ModelInfo* info);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_VALIDATION_GATE_H_
