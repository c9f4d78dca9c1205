#ifndef RIDGELINE_CORE_ALS_WARM_ITEMS_H_
#define RIDGELINE_CORE_ALS_WARM_ITEMS_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "core/als/fold_in.h"
#include "core/dataset/dataset.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// What a model trained before knows of the items of a dataset. The arguments must outlive this. Thread-safe.
class WarmItems {
 public:
  WarmItems(const FactorModel& model, const Dataset& dataset);

  /// `item` of the dataset as the model has it; an item new to it is folded in from the users it knows.
  /// Nothing when neither tells anything: factors all zero would keep users who met only such items at zero,
  /// and those items with them.
  absl::optional<UserVector> Find(uint32_t item) const;

 private:
  absl::optional<UserVector> FoldIn(uint32_t item) const;

  const FactorModel& model_;
  const Dataset& dataset_;
  std::vector<absl::optional<uint32_t>> user_rows_;  // [the dataset's users] the model's
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_WARM_ITEMS_H_
