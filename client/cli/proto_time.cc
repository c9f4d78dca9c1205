#include "client/cli/proto_time.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"

namespace ridgeline {

absl::optional<absl::Time> ParseTimeFlag(absl::string_view text) {
  double seconds = 0;
  if (absl::SimpleAtod(text, &seconds)) {
    if (!std::isfinite(seconds)) return absl::nullopt;
    return absl::UnixEpoch() + absl::Seconds(seconds);
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return absl::nullopt;
  return time;
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp proto;
  const int64_t seconds = absl::ToUnixSeconds(time);
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>((time - absl::FromUnixSeconds(seconds)) / absl::Nanoseconds(1)));
  return proto;
}

}  // namespace ridgeline
