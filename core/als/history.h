#ifndef RIDGELINE_CORE_ALS_HISTORY_H_
#define RIDGELINE_CORE_ALS_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/als/row_system.h"

namespace ridgeline {

/// One side's history as rows of the other side and values; aggregated, so that rows are distinct. A plain
/// value.
struct History {
  std::vector<uint32_t> rows;  ///< [n] in any order
  std::vector<float> values;   ///< [n] ratings or weights

  size_t size() const { return rows.size(); }
};

/// `history` against `fixed` in ascending order of its rows, as the half step reads it. kInvalidArgument
/// beginning with "history" when a row is out of range or repeated, a value is not finite (or not positive,
/// implicit), or there are not as many values as rows.
absl::StatusOr<History> ValidateAndSort(const History& history, const FixedSide& fixed);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_HISTORY_H_
