#ifndef RIDGELINE_CLIENT_CLI_PROTO_TIME_H_
#define RIDGELINE_CLIENT_CLI_PROTO_TIME_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "google/protobuf/timestamp.pb.h"

namespace ridgeline {

/// Reads RFC 3339 ("2026-01-31T12:00:00Z") or Unix seconds, which may have a fraction; nothing when it is
/// neither.
absl::optional<absl::Time> ParseTimeFlag(absl::string_view text);

/// The same moment, rounded down to nanoseconds.
google::protobuf::Timestamp ToTimestamp(absl::Time time);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_PROTO_TIME_H_
