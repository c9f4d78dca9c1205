#include "core/serving/number_overflow.h"

#include <variant>

#include "absl/strings/str_cat.h"

namespace ridgeline {

absl::Status AboutNumbers(const Subject& subject, const absl::Status& status) {
  if (!absl::IsInternal(status)) return status;
  if (const auto* user = std::get_if<UserSubject>(&subject)) {
    return absl::FailedPreconditionError(absl::StrCat("user_id: the values recorded of ", user->user_id,
                                                      " are too large to compute with: ", status.message()));
  }
  const char* const field = std::holds_alternative<HistorySubject>(subject) ? "history" : "vector";
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": its numbers are too large to compute with: ", status.message()));
}

}  // namespace ridgeline
