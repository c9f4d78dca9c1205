#include "server/access/retry_delay.h"

#include <google/protobuf/util/time_util.h>

#include "google/rpc/error_details.pb.h"

namespace ridgeline {

std::string PackRetryDelay(absl::Duration delay) {
  google::rpc::RetryInfo info;
  *info.mutable_retry_delay() =
      google::protobuf::util::TimeUtil::NanosecondsToDuration(absl::ToInt64Nanoseconds(delay));
  return info.SerializeAsString();
}

}  // namespace ridgeline
