#ifndef RIDGELINE_CORE_SERVING_EXPLAINER_H_
#define RIDGELINE_CORE_SERVING_EXPLAINER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/als/history.h"
#include "core/catalog/catalog.h"
#include "core/model/factor_model.h"
#include "core/serving/recommendation.h"

namespace ridgeline {

/// What the entries of `history`, at least one, add to the scores of `item_rows`: [item rows] of each the
/// `limit` parts of largest magnitude, in falling order, with ids and titles. One factorization serves them
/// all. The errors of ScoreExplainer.
absl::StatusOr<std::vector<std::vector<ExplanationPart>>> ExplainByHistory(
    const FactorModel& model, const Catalog& catalog, const History& history,
    absl::Span<const uint32_t> item_rows, size_t limit);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_EXPLAINER_H_
