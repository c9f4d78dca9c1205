#include "core/als/history.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

absl::Status ValidateEntry(uint32_t row, float value, size_t rows, Feedback feedback) {
  if (row >= rows) {
    return absl::InvalidArgumentError(
        absl::StrCat("history: row ", row, " is out of range, the model has ", rows));
  }
  if (!std::isfinite(value) || (feedback == Feedback::kImplicit && value <= 0.0f)) {
    return absl::InvalidArgumentError(absl::StrCat("history: the value of row ", row, " must be finite",
                                                   feedback == Feedback::kImplicit ? " and positive" : "",
                                                   ", got ", value));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<History> ValidateAndSort(const History& history, const FixedSide& fixed) {
  if (history.rows.size() != history.values.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("history: has ", history.rows.size(), " rows and ", history.values.size(), " values"));
  }
  const Feedback feedback = fixed.hyperparameters->feedback;
  std::vector<size_t> order(history.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return history.rows[a] < history.rows[b]; });
  History sorted;
  for (const size_t at : order) {
    RIDGELINE_RETURN_IF_ERROR(
        ValidateEntry(history.rows[at], history.values[at], fixed.other->rows(), feedback));
    if (!sorted.rows.empty() && sorted.rows.back() == history.rows[at]) {
      return absl::InvalidArgumentError(absl::StrCat("history: row ", history.rows[at], " is repeated"));
    }
    sorted.rows.push_back(history.rows[at]);
    sorted.values.push_back(history.values[at]);
  }
  return sorted;
}

}  // namespace ridgeline
