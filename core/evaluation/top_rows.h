#ifndef RIDGELINE_CORE_EVALUATION_TOP_ROWS_H_
#define RIDGELINE_CORE_EVALUATION_TOP_ROWS_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/types/span.h"

namespace ridgeline {

/// The score of a row that may not be answered.
inline constexpr float kExcluded = -std::numeric_limits<float>::infinity();

/// The `k` rows with the highest `scores` [rows], best first, equal scores by row; fewer when fewer are not
/// kExcluded. In `top`, which is overwritten.
void TopRows(absl::Span<const float> scores, int k, std::vector<uint32_t>* top);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_EVALUATION_TOP_ROWS_H_
