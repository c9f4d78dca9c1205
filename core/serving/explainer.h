#ifndef RIDGELINE_CORE_SERVING_EXPLAINER_H_
#define RIDGELINE_CORE_SERVING_EXPLAINER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/als/fold_in.h"
#include "core/catalog/catalog.h"
#include "core/model/factor_model.h"
#include "core/serving/recommendation.h"

namespace ridgeline {

/// What the entries of `history`, at least one, add to the score of the item at `item_row`: the `limit` parts
/// of largest magnitude, in falling order, with ids and titles. The errors of ExplainScore.
absl::StatusOr<std::vector<ExplanationPart>> ExplainByHistory(const FactorModel& model,
                                                              const Catalog& catalog, const History& history,
                                                              uint32_t item_row, size_t limit);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_EXPLAINER_H_
