#ifndef RIDGELINE_CLIENT_CLI_FORMAT_H_
#define RIDGELINE_CLIENT_CLI_FORMAT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace ridgeline {

/// 1234567 as "1,234,567".
std::string FormatCount(int64_t count);

/// `count` with its noun: "1 item", "2,000 items".
std::string FormatCount(int64_t count, absl::string_view singular, absl::string_view plural);

/// A score with four digits after the point.
std::string FormatScore(double score);

/// A figure with up to six significant digits.
std::string FormatFigure(double figure);

/// "2026-01-31 12:00:00Z"; empty for the unset timestamp.
std::string FormatTimestamp(const google::protobuf::Timestamp& time);

/// A length of time by its two largest units: "3d 4h", "5m 2s", "1.5s".
std::string FormatSpan(absl::Duration duration);
std::string FormatSpan(const google::protobuf::Duration& duration);

/// An enum value's name without the prefix that it shares with its type: ("TRAINING_STATE_QUEUED",
/// "TRAINING_STATE_") gives "QUEUED".
std::string FormatEnum(absl::string_view name, absl::string_view prefix);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_FORMAT_H_
