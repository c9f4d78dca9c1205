#ifndef RIDGELINE_CORE_TRAINING_MODEL_ERASER_H_
#define RIDGELINE_CORE_TRAINING_MODEL_ERASER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_store.h"

namespace ridgeline {

/// Takes users who were deleted from the log out of the models that were trained while it had them: such a
/// model is written anew without their ids and factors; all else in it stays. Thread-compatible.
class ModelEraser {
 public:
  /// The pointers must outlive the eraser.
  ModelEraser(const InteractionLog* log, ModelStore* store) : log_(log), store_(store) {}

  /// Goes through the stored models if users were deleted since the last sweep that succeeded; returns the
  /// versions that were written anew. The errors of the log and the store; the next sweep tries again.
  absl::StatusOr<std::vector<std::string>> Sweep();

 private:
  // Whether the model of `version` was written anew.
  absl::StatusOr<bool> Erase(const std::string& version);

  const InteractionLog* const log_;
  ModelStore* const store_;
  uint64_t swept_ = 0;  // the count of deletions that the models are free of
};

/// `model`, which was trained from `log` up to sequence `through`, without the users of whom the log has
/// nothing up to there any more; null when it has none of these. The errors of the log.
absl::StatusOr<std::shared_ptr<const FactorModel>> WithoutDeletedUsers(const FactorModel& model,
                                                                       uint64_t through,
                                                                       const InteractionLog& log);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_MODEL_ERASER_H_
