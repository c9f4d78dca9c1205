#ifndef RIDGELINE_CORE_SERVING_NUMBER_OVERFLOW_H_
#define RIDGELINE_CORE_SERVING_NUMBER_OVERFLOW_H_

#include "absl/status/status.h"
#include "core/serving/recommendation.h"

namespace ridgeline {

/// `status` of a computation in core/als about `subject`, where kInternal says that numbers overflow float32.
/// They are the subject's own, each of them finite and taken, so nothing is wrong with the server:
/// kInvalidArgument naming what the request brings, kFailedPrecondition where they were recorded. Any other
/// status as it is.
absl::Status AboutNumbers(const Subject& subject, const absl::Status& status);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_SERVING_NUMBER_OVERFLOW_H_
