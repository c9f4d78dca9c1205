#include "server/access/retry_delay.h"

#include <cstdint>

#include "google/rpc/error_details.pb.h"

namespace ridgeline {

std::string PackRetryDelay(absl::Duration delay) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(absl::IDivDuration(delay, absl::Seconds(1), &delay));
  info.mutable_retry_delay()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(delay)));
  return info.SerializeAsString();
}

}  // namespace ridgeline
