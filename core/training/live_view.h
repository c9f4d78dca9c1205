#ifndef RIDGELINE_CORE_TRAINING_LIVE_VIEW_H_
#define RIDGELINE_CORE_TRAINING_LIVE_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/cancellation.h"
#include "core/base/parallel.h"
#include "core/dataset/dataset.h"
#include "core/evaluation/evaluator.h"
#include "core/interactions/interaction_log.h"
#include "core/model/factor_model.h"
#include "core/model/model_file.h"

namespace ridgeline {

/// Users with more events than this are left out of a comparison with the live model: to read what it knows
/// of them would cost too much.
inline constexpr size_t kMostEventsRead = 10'000;

/// What a new model and the live one can be compared on, in rows of its own:
///  - items that both know. One of them only cannot be answered by the other, which says how old that one is,
///    not how good;
///  - test interactions with these that the live model was not trained on, by the log's sequences; one that
///    was not trained from the log may have been on all that happened before it was made;
///  - users who have such a test interaction and a history with at least one of the items. Who the live model
///    does not know is folded in, as in service.
struct CommonGround {
  std::shared_ptr<const IdMap> users;
  std::shared_ptr<const IdMap> items;
  std::vector<uint32_t> user_rows;  ///< [users] rows in the new dataset
  std::vector<uint32_t> new_items;  ///< [items] rows in the new dataset
  std::vector<uint32_t> live_rows;  ///< [dataset's items] rows in the live model, IdMap::kAbsent without
  std::vector<float> popularity;    ///< [items] training interactions
  HeldOut held_out;                 ///< [users x items]
};

/// The common ground of `live`, whose info is `live_info`, and of a model trained on `train` from `log`;
/// `test` [users x items] has the rows of `train`. Without users where there is none. The log's errors;
/// kCancelled, within a user, when `cancellation` asks for it.
absl::StatusOr<CommonGround> FindCommonGround(const Dataset& train, const CsrMatrix& test,
                                              const FactorModel& live, const ModelInfo& live_info,
                                              const InteractionLog& log,
                                              const CancellationToken& cancellation);

/// `model`, trained on `train`, on the rows of `ground`: each user folded in with the whole history that
/// `train` has. kInternal when the numbers overflow; kCancelled, within a block of users.
absl::StatusOr<std::shared_ptr<const FactorModel>> NewView(const CommonGround& ground, const Dataset& train,
                                                           const FactorModel& model, Arena& arena,
                                                           const CancellationToken& cancellation);

/// The same of `live`, which knows of the histories only what its items are in.
absl::StatusOr<std::shared_ptr<const FactorModel>> LiveView(const CommonGround& ground, const Dataset& train,
                                                            const FactorModel& live, Arena& arena,
                                                            const CancellationToken& cancellation);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_TRAINING_LIVE_VIEW_H_
