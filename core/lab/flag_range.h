#ifndef RIDGELINE_CORE_LAB_FLAG_RANGE_H_
#define RIDGELINE_CORE_LAB_FLAG_RANGE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ridgeline {

/// OK when `value` is in [low, high], else kInvalidArgument beginning with `field`.
absl::Status CheckRange(absl::string_view field, int64_t value, int64_t low, int64_t high);

/// The same for --threads: 0, which means one a processor, to 1024.
absl::Status CheckThreads(int threads);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_FLAG_RANGE_H_
