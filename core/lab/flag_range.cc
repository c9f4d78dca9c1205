#include "core/lab/flag_range.h"

#include "absl/strings/str_cat.h"

namespace ridgeline {

absl::Status CheckRange(absl::string_view field, int64_t value, int64_t low, int64_t high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be between ", low, " and ", high, ", got ", value));
}

absl::Status CheckThreads(int threads) {
  constexpr int kMostThreads = 1024;
  return CheckRange("threads", threads, 0, kMostThreads);
}

}  // namespace ridgeline
