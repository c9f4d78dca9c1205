#ifndef RIDGELINE_SERVER_CONVERT_TIME_H_
#define RIDGELINE_SERVER_CONVERT_TIME_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ridgeline {

/// `time` clamped to the years 1 to 9999 that a Timestamp can hold.
google::protobuf::Timestamp ToProto(absl::Time time);

/// `duration` clamped to the 10,000 years either way that a Duration can hold, rounded towards 0 nanoseconds.
google::protobuf::Duration ToProto(absl::Duration duration);

/// kInvalidArgument naming `field` outside of the years 1 to 9999 or with nanos outside of [0, 999999999].
absl::StatusOr<absl::Time> FromProto(absl::string_view field, const google::protobuf::Timestamp& timestamp);

}  // namespace ridgeline

#endif  // RIDGELINE_SERVER_CONVERT_TIME_H_
