#ifndef RIDGELINE_CORE_TRAINING_MODEL_ERASER_H_
#define RIDGELINE_CORE_TRAINING_MODEL_ERASER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/cancellation.h"
#include "core/interactions/interaction_log.h"
#include "core/model/model_store.h"

namespace ridgeline {

/// What a sweep did.
struct SweepResult {
  std::vector<std::string> changed;  ///< versions that were written anew, or may have been before an error
  absl::Status status;               ///< the first error: deleted users may be left then
  std::vector<uint64_t> departed;    ///< those of the log's that no stored model has any more
};

/// Takes users who were deleted from the log out of the models that were trained while it had them, and of
/// those that came from elsewhere: such a model is written anew without their ids and factors; all else in it
/// stays. Thread-compatible.
class ModelEraser {
 public:
  /// The pointers must outlive the eraser.
  ModelEraser(const InteractionLog* log, ModelStore* store) : log_(log), store_(store) {}

  /// Removes what the store has left over, then goes through the stored models if users were deleted since
  /// the last sweep that succeeded. One that cannot be read or written is an error, but does not keep the
  /// others from being erased. The errors of the log and the store, kCancelled within a user when
  /// `cancellation` asks for it; the next sweep tries again.
  SweepResult Sweep(const CancellationToken& cancellation);

  /// Whether users were deleted since the last sweep that began.
  bool due() const { return log_->deletions().count != begun_; }

 private:
  // Goes through the models that `deletions` may concern.
  SweepResult EraseFromAll(const Deletions& deletions, const CancellationToken& cancellation);

  // The error of a version that is not in `infos` since it cannot be read: nobody knows whom it has.
  absl::Status CheckListed(const std::vector<std::string>& versions,
                           const std::vector<ModelInfo>& infos) const;

  // Writes the model of `version` anew if it has deleted users, and adds it to `changed` then.
  absl::Status Erase(const std::string& version, const CancellationToken& cancellation,
                     std::vector<std::string>* changed);

  const InteractionLog* const log_;
  ModelStore* const store_;
  uint64_t begun_ = 0;  // the count of deletions when the last sweep began
  uint64_t swept_ = 0;  // the count of deletions that the models are free of
};

/// `model`, which was trained from `log` up to sequence `through`, or elsewhere for 0, without the users who
/// were deleted since, see MayKnowUser; null when it has none of these. The errors of the log; kCancelled,
/// within a user.
absl::StatusOr<std::shared_ptr<const FactorModel>> WithoutDeletedUsers(const FactorModel& model,
                                                                       uint64_t through,
                                                                       const InteractionLog& log,
                                                                       const CancellationToken& cancellation);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_MODEL_ERASER_H_
