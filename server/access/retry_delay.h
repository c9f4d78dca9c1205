#ifndef RIDGELINE_SERVER_ACCESS_RETRY_DELAY_H_
#define RIDGELINE_SERVER_ACCESS_RETRY_DELAY_H_

#include <string>

#include "absl/time/time.h"

namespace ridgeline {

/// Where a status, and an error of gRPC, has how long to wait before the call is sent again.
inline constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

/// `delay`, finite and at least 0, as what stands there: a serialized google.rpc.RetryInfo.
std::string PackRetryDelay(absl::Duration delay);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_ACCESS_RETRY_DELAY_H_
